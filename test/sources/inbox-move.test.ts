import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { link } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Claim,
  claim,
  claims,
  type Folders,
  giveBack,
  openFolders,
  settle,
} from '../../src/sources/call-log/inbox.js';
import { moveTo } from '../../src/sources/call-log/inbox-move.js';
import type { Report } from '../../src/sources/call-log/report.js';

const base = mkdtempSync(join(tmpdir(), 'redress-move-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const ID = '20261125t100000-0000000';
const id = (n: number) => `${ID}${n}`;
const report = (feed = 'calls'): Report => ({
  file: 'a.csv',
  feed,
  outcome: 'done',
  whatToDo: 'Nothing.',
  endedAt: new Date(0),
  software: 'test',
});
let folders: Folders;
let n = 0;
beforeEach(async () => {
  folders = await openFolders(join(base, String(n++)));
});
const put = (name: string, content = name) => writeFileSync(join(folders.inbox, name), content);
const take = (name: string, run: string) => claim(folders, { raw: Buffer.from(name), name }, run);
async function taken(name: string, run: string): Promise<Claim & { name: string }> {
  const claimed = await take(name, run);
  if (!claimed) throw new Error(`${name} was not there`);
  return claimed;
}
const list = (station: keyof Folders) => readdirSync(folders[station]).sort();

describe('a claim', () => {
  it('is had by one of many who want the file', async () => {
    for (let i = 0; i < 20; i++) put(`${i}.csv`);
    const scanner = async (s: number) => {
      const got: string[] = [];
      for (let i = 0; i < 20; i++)
        if (await take(`${i}.csv`, `20261125t100000-${s}${String(i).padStart(7, '0')}`)) got.push(`${i}.csv`);
      return got;
    };
    const got = (await Promise.all([1, 2, 3, 4].map(scanner))).flat();
    expect(got.length).toBe(20);
    expect(new Set(got).size).toBe(20);
    expect(list('processing').length).toBe(20);
    expect(list('inbox')).toEqual([]);
  });

  it('takes markers along, and the report of when the file was not whole', async () => {
    for (const name of ['a.csv', 'a.csv.done', 'a.csv.sha256', 'a.csv.report.json', 'b.csv.done']) put(name);
    const claimed = await taken('a.csv', id(1));
    expect(list('inbox')).toEqual(['b.csv.done']);
    expect(await settle(folders, claimed, 'done', report())).toBe('a.csv');
    expect(list('done')).toEqual(['a.csv', 'a.csv.done', 'a.csv.report.json', 'a.csv.sha256']);
    expect(list('processing')).toEqual([]);
  });

  it('keeps to runs of ours in processing/', async () => {
    mkdirSync(join(folders.processing, 'somebody'));
    writeFileSync(join(folders.processing, 'loose.csv'), '');
    put('a.csv');
    await taken('a.csv', id(1));
    expect(await claims(folders)).toMatchObject([{ id: id(1), name: 'a.csv' }]);
  });
});

describe('the end of a file', () => {
  it('overwrites nothing: a name that is taken gets a number', async () => {
    for (let i = 1; i <= 12; i++) {
      put('a.csv', String(i));
      await settle(
        folders,
        await taken('a.csv', `20261125t100000-${String(i).padStart(8, '0')}`),
        'done',
        report(),
      );
    }
    const names = list('done').filter((name) => !name.endsWith('.json'));
    expect(names.length).toBe(12);
    expect(new Set(names.map((name) => readFileSync(join(folders.done, name), 'utf8'))).size).toBe(12);
    expect(list('done').filter((name) => name.endsWith('.report.json')).length).toBe(12);
  });

  it('of very long names fits, report and all', async () => {
    const name = `${'é'.repeat(125)}.csv`;
    for (const run of [id(1), id(2)]) {
      put(name);
      await settle(folders, await taken(name, run), 'rejected', report());
    }
    expect(list('rejected').length).toBe(4);
  });

  it('is reached from whatever step a crash left it at', async () => {
    const prepared = (claimed: Claim, name: string) =>
      writeFileSync(
        join(claimed.folder, '.report.json'),
        JSON.stringify({ ...report(), movedTo: { station: 'done', name } }),
      );
    // Between mkdir and rename: nothing was taken.
    mkdirSync(join(folders.processing, id(0)));
    // The report was prepared, the file not moved.
    put('a.csv');
    prepared(await taken('a.csv', id(1)), 'a.csv');
    // The file was linked under its new name, and not yet removed under its old one.
    put('b.csv');
    const b = await taken('b.csv', id(2));
    prepared(b, 'b.csv');
    await link(join(b.folder, 'b.csv'), join(folders.done, 'b.csv'));
    // The file was moved, its report and marker not.
    put('c.csv');
    put('c.csv.done');
    const c = await taken('c.csv', id(3));
    prepared(c, 'c.csv');
    await moveTo(join(c.folder, 'c.csv'), join(folders.done, 'c.csv'));
    // A draft of the report.
    writeFileSync(join(c.folder, '..report.json.tmp'), '{');

    for (const claimed of await claims(folders)) await settle(folders, claimed, 'done', report());
    expect(list('processing')).toEqual([]);
    expect(list('done')).toEqual([
      'a.csv',
      'a.csv.report.json',
      'b.csv',
      'b.csv.report.json',
      'c.csv',
      'c.csv.done',
      'c.csv.report.json',
    ]);
  });

  it('may be inbox/ again, beside a new file of that name', async () => {
    put('a.csv', 'old');
    put('a.csv.sha256', 'old hash');
    const claimed = await taken('a.csv', id(1));
    put('a.csv', 'new');
    expect(await giveBack(folders, claimed)).toBe('a-2.csv');
    expect(list('inbox')).toEqual(['a-2.csv', 'a-2.csv.sha256', 'a.csv']);
    expect(list('processing')).toEqual([]);
  });

  it('is one step: where it would not be, that is an error that says so', async () => {
    const other = '/dev/shm';
    if (!existsSync(other)) return;
    const there = mkdtempSync(join(other, 'redress-move-'));
    try {
      put('a.csv');
      await expect(moveTo(join(folders.inbox, 'a.csv'), join(there, 'a.csv'))).rejects.toMatchObject({
        code: 'inbox_across_file_systems',
      });
      expect(list('inbox')).toEqual(['a.csv']);
    } finally {
      rmSync(there, { recursive: true });
    }
  });
});
