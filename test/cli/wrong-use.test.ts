import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { cleanUp, inProcess, temporaryFolder } from './support/run.js';

afterAll(cleanUp);

describe('wrong use: exit code 2, the nearest right word, nothing on standard output', () => {
  it.each([
    [['leger'], 'Did you mean ledger?'],
    [['ledger', '--sinc', '7d'], 'Did you mean --since?'],
    [['ledger', '--since', '2026-02-30'], 'It must be a day'],
    [['import', '--feed', 'calls'], "missing required argument 'file'"],
    [['import', 'a.csv'], "required option '--feed <name>'"],
    [['import', 'a.csv', '--feed', 'calls', '--route', 'sometimes'], 'Allowed choices are always, never'],
    [['import', 'a.csv', 'b.csv', '--feed', 'calls'], 'too many arguments'],
    [['--set', 'http.prt=4', 'config'], 'Did you mean "http.port"?'],
    [['config', '--set', 'http.port'], 'Write it as key=value'],
    [['start', '--port', '99999'], 'whole number from 0 to 65535'],
    [['start', '--role', 'worker'], 'roles'],
    [['outbox', '--limit', '0'], 'whole number from 1 to 1000'],
    [['keys', 'create', '--name', 'BI', '--scopes', 'raed'], 'Did you mean "read"?'],
    [['keys', 'create', '--name', 'a\u001b[2J', '--scopes', 'read'], 'on one line'],
    [['keys', 'rewoke', 'x'], 'Did you mean revoke?'],
    [['tickets', 'list', '--status', 'closed'], 'Allowed choices'],
    [['keys'], 'Usage: redress keys'],
    [[], 'Usage: redress'],
  ])('%j', async (args, words) => {
    const { code, out, err } = await inProcess(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
  });

  it('shows no secret that was given in the wrong form', async () => {
    const { code, out, err } = await inProcess('config', '--set', 'slack.botToken=hunter2');
    expect(code).toBe(1);
    expect(out + err).not.toContain('hunter2');
    expect(err).toContain('begins with xoxb-');
  });
});

describe('what was asked for', () => {
  it('help and version are on standard output and well', async () => {
    const help = await inProcess('import', '--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('--set <key=value>');
    expect(await inProcess('--version')).toMatchObject({ code: 0, err: '' });
  });
});

describe('config', () => {
  it('shows value and origin of every setting, flags before the rest, secrets never', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'redress.yaml'), 'http:\n  port: 4000\n  host: 0.0.0.0\n');
    const { code, out, err } = await inProcess(
      ...['config', '--config', folder, '--set', 'http.port=4001', '--data', '/somewhere', '--json'],
      ...['--set', 'slack.botToken=xoxb-secret'],
    );
    expect(code).toBe(0);
    const rows = JSON.parse(out) as { key: string; value: string; origin: string }[];
    const row = (key: string) => rows.find((r) => r.key === key);
    expect(row('http.port')).toMatchObject({ value: '4001', origin: 'flag' });
    expect(row('http.host')).toMatchObject({
      value: '0.0.0.0',
      origin: expect.stringContaining('redress.yaml:3'),
    });
    expect(row('data.dir')).toMatchObject({ value: '/somewhere', origin: 'flag' });
    expect(row('slack.botToken')).toMatchObject({ value: '***' });
    expect(out + err).not.toContain('xoxb-secret');
    expect(err).toContain('http.port');
  });

  it('a folder that is none ends every command, and says so', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a-file'), '');
    for (const name of ['missing', 'a-file', 'a-file/within'])
      for (const command of [['config'], ['config', '--json'], ['ledger']]) {
        const { code, out, err } = await inProcess(...command, '--config', join(folder, name));
        expect({ code, out }).toEqual({ code: 1, out: '' });
        expect(err).toContain(`${name}: There is no such folder`);
        expect(err).toContain('--config');
      }
  });

  it('a broken file ends every command with one message and no stack', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'redress.yaml'), 'http:\n  prt: 4000\n');
    for (const command of [['config'], ['ledger'], ['start'], ['keys', 'list']]) {
      const { code, out, err } = await inProcess(...command, '--config', folder);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain('redress.yaml:2');
      expect(err).not.toMatch(/^\s+at /m);
    }
  });
});

describe('doctor', () => {
  it('names what is wrong with its cure, starts nothing and makes no folder', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'sources.yaml'), 'feeds:\n  calls:\n    sorce: call_log\n');
    const data = join(folder, 'data');
    const { code, out, err } = await inProcess(
      ...['doctor', '--json', '--config', folder, '--data', data, '--set', 'inference.model=absent'],
      ...['--set', 'mail.smtpUrl=smtp://localhost:25', '--set', 'disk.minFreeMb=999999999'],
    );
    const report = JSON.parse(out) as { ok: boolean; facts: Record<string, string>; problems: string[] };
    expect({ code, ok: report.ok }).toEqual({ code: 1, ok: false });
    const problems = report.problems.join('\n');
    for (const words of ['sources.yaml:3', 'Did you mean "source"?', 'absent', 'mail.operators', 'Free some'])
      expect(problems).toContain(words);
    expect(report.facts).toMatchObject({
      feeds: 'NOT VALID',
      service: expect.stringContaining('not running'),
    });
    expect(err).toContain('to mend:');
    expect(report.facts['data folder']).toContain('not there yet');
  });

  it('is content with the shipped configuration', async () => {
    const { code, out } = await inProcess('doctor', '--json', '--data', temporaryFolder());
    const report = JSON.parse(out) as { facts: Record<string, string>; problems: string[] };
    expect(report.problems).toEqual([]);
    expect(code).toBe(0);
    expect(report.facts.model).toContain('negative recall');
  });
});
