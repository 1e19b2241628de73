import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type ConfigOptions, describeConfig, loadConfig } from '../../src/config.js';
import { thrown, withFolder } from './folder.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER = Buffer.alloc(32, 9).toString('base64');
const OWN = { MONGODB_URI: 'mongodb://u:geheim@db/', REDIS_URL: 'redis://:geheim@cache' };

/** Loads with only what the test gives: no variables of this machine, no shipped file. */
const load = (yaml: string, options: Omit<ConfigOptions, 'configDir' | 'cwd'> = {}) =>
  withFolder({ 'redress.yaml': yaml }, (folder) =>
    loadConfig({ env: {}, ...options, configDir: '.', cwd: folder }),
  );
const fail = (yaml: string, options: Omit<ConfigOptions, 'configDir' | 'cwd'> = {}) =>
  thrown(() => load(yaml, options));

describe('precedence', () => {
  const yaml = 'http:\n  port: 4001\n  host: yaml.local\noperator:\n  name: From YAML\n';

  it('takes flag, then environment, then file, then default, and says which', () => {
    const config = load(yaml, {
      flags: { 'http.port': '4003' },
      env: { REDRESS_HTTP_PORT: '4002', REDRESS_HTTP_HOST: 'env.local' },
    });
    expect(config.http).toMatchObject({ port: 4003, host: 'env.local' });
    expect(config.operator).toMatchObject({ name: 'From YAML', zone: 'Africa/Lagos' });
    const origin = Object.fromEntries(describeConfig(config).map((row) => [row.key, row.origin]));
    expect(origin).toMatchObject({
      'http.port': 'flag',
      'http.host': 'environment REDRESS_HTTP_HOST',
      'operator.name': 'redress.yaml:5',
      'operator.zone': 'default',
    });
  });

  it('counts an empty variable and an undefined flag as not set', () => {
    const config = load(yaml, { flags: { 'http.port': undefined }, env: { REDRESS_HTTP_PORT: ' ' } });
    expect(config.http.port).toBe(4001);
  });

  it('works without a file', () => {
    const config = withFolder({}, (folder) => loadConfig({ env: {}, configDir: folder, cwd: folder }));
    expect(config.http.port).toBe(3000);
  });
});

describe('values', () => {
  it('parses each kind', () => {
    const config = load(
      'roles: [workers, api, api]\nmail:\n  operators: [a@x.ng, "N <b@x.ng>"]\nrouting:\n  within: 7d\n',
      {
        env: {
          REDRESS_SLACK_RATE: '0.5',
          REDRESS_TRUST_PROXY: 'loopback, 10.0.0.0/8',
          REDRESS_PUBLIC_URL: 'https://x.ng/redress/',
          SLACK_API_URL: 'http://127.0.0.1:9/api',
          REDRESS_REGION: 'us',
        },
      },
    );
    expect(config.roles).toEqual(['workers', 'api']);
    expect(config.mail.operators).toEqual(['a@x.ng', 'N <b@x.ng>']);
    expect(config.routing.within).toBe(7 * 86_400_000);
    expect(config.slack).toMatchObject({
      messagesPerSecond: 0.5,
      apiUrl: 'http://127.0.0.1:9/api/',
      timeout: 10_000,
    });
    expect(config.http).toMatchObject({
      trustProxy: ['loopback', '10.0.0.0/8'],
      publicUrl: 'https://x.ng/redress',
    });
    expect(config.operator.region).toBe('US');
  });

  it('resolves the data folder against the working folder', () => {
    withFolder({}, (folder) => {
      const config = loadConfig({ env: { REDRESS_DATA_DIR: 'here' }, configDir: folder, cwd: folder });
      expect(config.data.dir).toBe(join(folder, 'here'));
    });
  });

  it.each([
    ['REDRESS_HTTP_PORT', '65536', 'whole number from 0 to 65535'],
    ['REDRESS_HTTP_PORT', '3e3', 'whole number'],
    ['REDRESS_ROUTE_WITHIN', '72', 'like 250ms, 10s, 5m, 72h or 7d'],
    ['REDRESS_SLACK_TIMEOUT', '1ms', 'from 100ms to 10m'],
    ['REDRESS_ZONE', 'Africa/Lagoss', 'Did you mean "Africa/Lagos"?'],
    ['REDRESS_ZONE', '+01:00', 'no IANA time zone'],
    ['REDRESS_REGION', 'XX', 'no two-letter country code'],
    ['REDRESS_ROLES', 'api,worker', 'Did you mean "workers"?'],
    ['REDRESS_ROLES', ',', 'at least one'],
    ['REDRESS_MODEL', '../../etc', 'folder in models/'],
    ['REDRESS_MAIL_FROM', 'x@y\r\nBcc: z@y', 'control character'],
    ['REDRESS_TRUST_PROXY', 'yes', 'true, false'],
    ['REDRESS_PUBLIC_URL', 'javascript:alert(1)', 'http://'],
  ])('refuses %s=%s', (name, value, words) => {
    const { code, message } = fail('', { env: { [name]: value } });
    expect(code).toBe('invalid_setting');
    expect(message).toContain(`environment ${name}`);
    expect(message).toContain(words);
  });

  it('is frozen all the way down', () => {
    const config = load('');
    expect(() => Object.assign(config.http, { port: 1 })).toThrow();
    expect(() => (config.roles as string[]).push('x')).toThrow();
  });
});

describe('what nobody knows', () => {
  it('names the nearest setting, with file and line', () => {
    const { code, message } = fail('# first\nhttp:\n  prot: 1\nstors: {}\nhttp.port: 1\n');
    expect(code).toBe('unknown_setting');
    expect(message).toContain('redress.yaml:3: "http.prot" is not a setting. Did you mean "http.port"?');
    expect(message).toContain('redress.yaml:4: "stors" is not a setting. Did you mean "stores"?');
    expect(message).toContain('redress.yaml:5: "http.port" is no key: sections are blocks here.');
  });

  it('names the nearest variable and flag', () => {
    const { message } = fail('', {
      env: { REDRESS_HTTP_PROT: '1', REDRESS_ZONE_FILE: 'x', OTHER: '1' },
      flags: { 'log.levle': 'info' },
    });
    expect(message).toContain(
      'REDRESS_HTTP_PROT: No setting has this variable. Did you mean "REDRESS_HTTP_PORT"?',
    );
    expect(message).toContain('REDRESS_ZONE_FILE: No setting');
    expect(message).toContain('Did you mean "log.level"?');
    expect(message).not.toContain('OTHER');
  });

  it('lets the service links of Kubernetes be', () => {
    const env = {
      REDRESS_SERVICE_HOST: '10.0.0.1',
      REDRESS_SERVICE_PORT_HTTP: '3000',
      REDRESS_PORT: 'tcp://10.0.0.1:3000',
      REDRESS_PORT_3000_TCP_ADDR: '10.0.0.1',
    };
    expect(load('', { env }).http.port).toBe(3000);
    expect(fail('', { env: { REDRESS_PORT: '4000' } }).message).toContain('REDRESS_HTTP_PORT');
  });
});

describe('broken YAML', () => {
  it.each([
    ['http:\n  port: 1\n  port: 2\n', 'yaml_duplicate_key', 'redress.yaml:3: The key "port" is there twice.'],
    ['http:\n\tport: 1\n', 'yaml_broken', 'redress.yaml:2: Not valid YAML'],
    ['log: {level: info\n', 'yaml_broken', 'Not valid YAML'],
    ['log:\n  level: *x\n', 'yaml_broken', 'alias'],
    ['log:\n  level: !x info\n', 'yaml_broken', 'redress.yaml:2'],
    ['log: {}\n---\nlog: {}\n', 'yaml_broken', 'second document'],
    ['- a\n', 'invalid_setting', 'redress.yaml:1'],
    ['http:\n  port:\n', 'invalid_setting', 'redress.yaml:2: "http.port" has no value'],
    ['slack:\n  timeout: [1s]\n', 'invalid_setting', 'takes one value'],
    ['http: 3000\n', 'invalid_setting', '"http" is a section'],
  ])('%j', (yaml, code, words) => {
    const error = fail(yaml);
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  it('does not repeat a secret that stands on the broken line', () => {
    for (const line of [
      'redisUrl: *geheim',
      'redisUrl: !geheim x',
      'redisUrl: "geheim',
      'redisUrl: redis://{geheim: x',
    ]) {
      expect(fail(`stores:\n  ${line}\n`).message).not.toContain('geheim');
    }
  });

  it('takes an empty file and sections without lines', () => {
    expect(load('').http.port).toBe(3000);
    expect(load('http:\n  # port: 1\nlog:\n').http.port).toBe(3000);
  });
});

describe('secrets', () => {
  const keys = { REDRESS_ENCRYPTION_KEYS: `1:${KEY},12:${OTHER}`, REDRESS_HASH_KEY: KEY };

  it('are read from files, one newline cut, and masked whole', () => {
    withFolder({ hash: `${KEY}\r\n`, uri: `${OWN.MONGODB_URI}\n` }, (folder) => {
      const env = {
        MONGODB_URI_FILE: 'uri',
        REDIS_URL: OWN.REDIS_URL,
        REDRESS_HASH_KEY_FILE: join(folder, 'hash'),
        REDRESS_ENCRYPTION_KEYS: keys.REDRESS_ENCRYPTION_KEYS,
      };
      const config = loadConfig({ env, configDir: folder, cwd: folder });
      expect(config.stores.mongodbUri).toBe(OWN.MONGODB_URI);
      expect(config.keys.hash?.toString('base64')).toBe(KEY);
      expect([...(config.keys.encryption?.keys() ?? [])]).toEqual([1, 12]);
      const rows = describeConfig(config);
      expect(rows.find((r) => r.key === 'stores.mongodbUri')).toMatchObject({
        value: '***',
        origin: 'environment MONGODB_URI_FILE',
      });
      const shown = JSON.stringify(rows);
      for (const secret of ['geheim', KEY, OTHER]) expect(shown).not.toContain(secret);
    });
  });

  it('are set once: directly or by file', () => {
    const { code, message } = fail('', {
      env: { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_BOT_TOKEN_FILE: 'redress.yaml' },
    });
    expect(code).toBe('secret_twice');
    expect(message).toContain('SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE');
  });

  it.each(['nowhere', '.', 'redress.yaml'])('say which file is missing, a folder or empty: %s', (path) => {
    expect(fail('', { env: { SLACK_BOT_TOKEN_FILE: path } }).code).toBe('secret_file');
  });

  it.each([
    ['no version', KEY],
    ['version 0', `0:${KEY}`],
    ['twice', `1:${KEY},1:${OTHER}`],
    ['short', `1:${Buffer.alloc(16).toString('base64')}`],
    ['not base64', `1:${'!'.repeat(44)}`],
    ['too high', `70000:${KEY}`],
  ])('refuse wrong encryption keys without showing them: %s', (_, text) => {
    const { message } = fail('', { env: { ...keys, REDRESS_ENCRYPTION_KEYS: text } });
    expect(message).toContain('keys.encryption');
    expect(message).not.toContain(text.slice(4, 40));
  });

  it('never show a wrong address or token', () => {
    const { message } = fail('', {
      env: {
        ...keys,
        MONGODB_URI: 'geheim',
        REDIS_URL: 'geheim',
        SLACK_BOT_TOKEN: 'geheim',
        SMTP_URL: 'geheim',
      },
    });
    expect(message).toContain('4 things are wrong');
    expect(message).not.toContain('geheim');
  });
});

describe('what belongs together', () => {
  const keys = { REDRESS_ENCRYPTION_KEYS: `1:${KEY}`, REDRESS_HASH_KEY: KEY };

  it.each([
    ['MONGODB_URI', 'REDIS_URL'],
    ['REDIS_URL', 'MONGODB_URI'],
  ] as const)('%s asks for %s', (given, absent) => {
    const { code, message } = fail('', { env: { ...keys, [given]: OWN[given] } });
    expect(code).toBe('set_together');
    expect(message).toContain(`Set ${absent} too`);
  });

  it('asks for both keys with an own MongoDB and shows how to make them', () => {
    const { message } = fail('', { env: OWN });
    expect(message).toContain('REDRESS_ENCRYPTION_KEYS="1:$(openssl rand -base64 32)"');
    expect(message).toContain('REDRESS_HASH_KEY="$(openssl rand -base64 32)"');
    expect(load('', { env: { ...OWN, ...keys } }).stores.redisUrl).toBe(OWN.REDIS_URL);
  });

  it('takes no half pair of keys', () => {
    expect(fail('', { env: { REDRESS_HASH_KEY: KEY } }).code).toBe('set_together');
  });
});
