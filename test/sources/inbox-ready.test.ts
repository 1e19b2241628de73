import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Complete } from '../../src/config/drop-folder.js';
import { packageRoot } from '../../src/paths.js';
import { statedHash } from '../../src/sources/call-log/checksum.js';
import { fitted, nameOf, namesFor } from '../../src/sources/call-log/inbox-names.js';
import { createWatch } from '../../src/sources/call-log/ready.js';
import { INCOMPLETE } from '../../src/sources/call-log/ready-whole.js';
import type { Trailer } from '../../src/sources/call-log/trailer.js';

const base = mkdtempSync(join(tmpdir(), 'redress-ready-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let folder: string;
let at: number;
let asked: number;
let trailer: Trailer;
let n = 0;
beforeEach(() => {
  folder = join(base, String(n++));
  mkdirSync(folder);
  at = 0;
  asked = 0;
  trailer = { kind: 'whole', rows: 1 };
});

function watch(complete?: Complete) {
  const { look } = createWatch({
    folder,
    complete,
    stableMs: 5_000,
    markerMs: 60_000,
    clock: () => at,
    trailerOf: async () => {
      asked += 1;
      return trailer;
    },
  });
  return async (ms = 0) => {
    at += ms;
    const { ready, incomplete, refused, waiting } = await look();
    return {
      ready: ready.map((f) => f.name),
      incomplete: incomplete.map((f) => [f.name, f.cause, f.isNew]),
      refused: refused.map((f) => f.name),
      waiting,
    };
  };
}
const put = (name: string, content = 'id,what\n1,slow\n') => writeFileSync(join(folder, name), content);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a file that is being written', () => {
  it('is ready when it stood still for long enough, at two looks or more', async () => {
    put('a.csv');
    const look = watch();
    expect(await look()).toMatchObject({ ready: [], waiting: 1 });
    expect(await look(4_999)).toMatchObject({ ready: [], waiting: 1 });
    expect(await look(1)).toMatchObject({ ready: ['a.csv'], waiting: 0 });
  });

  it('is left alone as long as it grows, however slowly', async () => {
    put('a.csv');
    const look = watch();
    await look();
    for (let row = 2; row < 6; row++) {
      appendFileSync(join(folder, 'a.csv'), `${row},slow\n`);
      expect((await look(4_900)).ready).toEqual([]);
    }
    expect((await look(4_900)).ready).toEqual([]);
    expect((await look(100)).ready).toEqual(['a.csv']);
  });

  it('is not ready when it was written over with as many bytes', async () => {
    put('a.csv');
    const look = watch();
    await look();
    put('a.csv');
    utimesSync(join(folder, 'a.csv'), 1, 1);
    expect((await look(10_000)).ready).toEqual([]);
  });

  it('has a name that says so, until it is renamed', async () => {
    for (const name of ['a.csv.tmp', 'b.csv.part', 'c.csv.crdownload', '.d.csv', 'E.CSV.TMP']) put(name);
    const look = watch();
    await look();
    expect(await look(5_000)).toMatchObject({ ready: [], waiting: 0 });
    renameSync(join(folder, 'a.csv.tmp'), join(folder, 'a.csv'));
    await look();
    expect((await look(5_000)).ready).toEqual(['a.csv']);
  });
});

describe('strange things in the folder', () => {
  it('folders are passed over, links refused, any other name is taken', async () => {
    const names = [
      '📞 calls.csv',
      'two\nlines.csv',
      `${'x'.repeat(251)}.csv`,
      '-rf',
      'no ending',
      "it's.csv",
    ];
    for (const name of names) put(name);
    mkdirSync(join(folder, 'folder.csv'));
    symlinkSync('/etc/hosts', join(folder, 'link.csv'));
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]), 'id,what\n');
    const look = watch();
    await look();
    const { ready, refused } = await look(5_000);
    expect(ready.sort()).toEqual([...names, 'café'].sort());
    expect(refused).toEqual(['link.csv']);
  });

  it('ten thousand files are looked through, oldest first', async () => {
    for (let i = 0; i < 10_000; i++) {
      put(`${i}.csv`, '');
      utimesSync(join(folder, `${i}.csv`), 20_000 - i, 20_000 - i);
    }
    const look = watch();
    await look();
    const { ready } = await look(5_000);
    expect([ready.length, ready[0], ready.at(-1)]).toEqual([10_000, '9999.csv', '0.csv']);
  });
});

describe('a feed that says how a file shows that it is whole', () => {
  it('done-file: taken at once with its marker, told of when that does not come', async () => {
    put('a.csv');
    put('b.csv');
    const look = watch({ kind: 'done-file' });
    expect(await look()).toMatchObject({ ready: [], waiting: 2 });
    put('a.csv.done', '');
    expect(await look()).toMatchObject({ ready: ['a.csv'], waiting: 1 });
    expect(await look(64_999)).toMatchObject({ incomplete: [], waiting: 1 });
    expect((await look(1)).incomplete).toEqual([['b.csv', 'marker_missing', true]]);
    expect((await look(1)).incomplete).toEqual([['b.csv', 'marker_missing', false]]);
    put('b.csv.done', '');
    expect(await look()).toMatchObject({ ready: ['a.csv', 'b.csv'], incomplete: [] });
  });

  it.each([
    ['bare', (hash: string) => hash],
    ['as sha256sum writes it', (hash: string) => `${hash}  a.csv\n`],
    [
      'of several files',
      (hash: string) => `${'0'.repeat(64)} *other.csv\r\n${hash.toUpperCase()} *a.csv\r\n`,
    ],
  ])('checksum: the hash may stand %s', async (_, write) => {
    put('a.csv');
    put('a.csv.sha256', write(sha256('id,what\n1,slow\n')));
    const look = watch({ kind: 'checksum' });
    await look();
    expect((await look(5_000)).ready).toEqual(['a.csv']);
  });

  it('checksum: a file that is not what was sent stays until it is', async () => {
    const whole = 'id,what\n1,slow\n2,slow\n';
    put('a.csv');
    put('a.csv.md5', createHash('md5').update(whole).digest('hex'));
    put('b.csv');
    put('b.csv.sha256', 'nonsense');
    put('c.csv');
    const look = watch({ kind: 'checksum' });
    await look();
    const before = await look(5_000);
    expect(before).toMatchObject({ ready: [], waiting: 1 });
    expect(before.incomplete).toEqual([
      ['a.csv', 'checksum_mismatch', true],
      ['b.csv', 'checksum_unreadable', true],
    ]);
    appendFileSync(join(folder, 'a.csv'), '2,slow\n');
    put('b.csv.sha256', sha256('id,what\n1,slow\n'));
    await look(5_000);
    expect((await look(5_000)).ready.sort()).toEqual(['a.csv', 'b.csv']);
  });

  it('trailer: read once as long as nothing changes, and again when something does', async () => {
    put('a.csv');
    trailer = { kind: 'wrong', says: 3, rows: 1 };
    const look = watch({ kind: 'trailer', pattern: '(\\d+)' });
    await look();
    expect((await look(5_000)).incomplete).toEqual([['a.csv', 'trailer_mismatch', true]]);
    await look(5_000);
    expect(asked).toBe(1);
    trailer = { kind: 'whole', rows: 3 };
    appendFileSync(join(folder, 'a.csv'), '2,slow\n');
    expect(await look()).toMatchObject({ ready: [], waiting: 1 });
    expect((await look(5_000)).ready).toEqual(['a.csv']);
  });
});

it('docs/sources/inbox.md has every cause with what to do', () => {
  const page = readFileSync(join(packageRoot, 'docs', 'sources', 'inbox.md'), 'utf8');
  for (const [cause, words] of Object.entries(INCOMPLETE))
    expect(page).toContain(`| \`${cause}\` | ${words} |`);
});

describe('names', () => {
  it('are cut at a whole character where a file system would not take them', () => {
    expect(fitted('a'.repeat(300), '.csv')).toBe(`${'a'.repeat(251)}.csv`);
    expect(Buffer.byteLength(fitted('📞'.repeat(100), '.report.json'))).toBeLessThanOrEqual(255);
    expect(fitted('📞'.repeat(100), '.report.json').isWellFormed()).toBe(true);
  });

  it('go on until one is free, before the ending', () => {
    const names = [...namesFor('calls.tar.csv', 'u')];
    expect([names[0], names[1], names.at(-1)]).toEqual([
      'calls.tar.csv',
      'calls.tar-2.csv',
      'calls.tar-u.csv',
    ]);
    expect([...namesFor('calls', 'u')][1]).toBe('calls-2');
  });

  it('in another encoding keep every byte apart', () => {
    expect(nameOf(Buffer.from([0x63, 0xe9]))).toBe('cé');
    expect(nameOf(Buffer.from('é📞'))).toBe('é📞');
  });

  it('a checksum of another file is none of this one', () => {
    const line = `${'a'.repeat(64)}  other.csv\n${'b'.repeat(64)}  another.csv\n`;
    expect(statedHash(line, 'a.csv', 'sha256')).toBeUndefined();
    expect(statedHash(`${'a'.repeat(32)}  dir/a.csv`, 'a.csv', 'md5')).toBe('a'.repeat(32));
  });
});
