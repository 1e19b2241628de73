import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Envelope } from '../../src/complaint/envelope.js';
import { census } from '../../src/sources/call-log/census.js';
import { openCsv, type RowIdentity } from '../../src/sources/call-log/csv.js';
import { alignCsv, cellsOf } from '../../src/transform/align/csv.js';

const folder = mkdtempSync(join(tmpdir(), 'redress-csv-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let serial = 0;
function fileOf(content: string | Buffer): string {
  serial += 1;
  const path = join(folder, `${serial}.csv`);
  writeFileSync(path, content);
  return path;
}
async function read(content: string | Buffer, identity: RowIdentity = { kind: 'content' }, size = 2) {
  const path = fileOf(content);
  const options = {
    path,
    feed: 'f',
    source: 'call_log',
    delimiter: ',',
    encoding: 'utf-8',
    identity,
    mapped: [],
  } as const;
  const source = await openCsv(options);
  const envelopes: Envelope[] = [];
  const rows: { from: number; to: number }[] = [];
  for await (const batch of source.read(size)) {
    envelopes.push(...batch.envelopes);
    rows.push(batch.rows);
  }
  return { envelopes, rows, covered: source.linesCovered(), lines: (await source.census()).lines };
}

describe('a call-centre CSV', () => {
  it('gives each row its own bytes and place, in batches that say which rows they are', async () => {
    const { envelopes, rows, covered, lines } = await read('a,b\n1,"x\ny"\n\n\n3,4\n5,ü');
    expect(envelopes.map((e) => e.raw.toString())).toEqual(['1,"x\ny"', '3,4', '5,ü']);
    expect(envelopes.map((e) => [e.position.index, e.position.line])).toEqual([
      [1, 2],
      [2, 6],
      [3, 7],
    ]);
    expect(rows).toEqual([
      { from: 1, to: 2 },
      { from: 3, to: 3 },
    ]);
    expect([covered, lines]).toEqual([7, 7]);
  });

  it.each([
    ['a\n1\n2\n', 3],
    ['a\r\n1\r\n2', 3],
    ['\ufeffa\n1\n', 2],
    ['a\n"1\n2\n3"\n\n\n', 6],
  ])('of %j covers the %i lines that a second reader counts', async (content, expected) => {
    const { covered, lines } = await read(content);
    expect([covered, lines]).toEqual([expected, expected]);
  });

  it('tells identical rows apart by how often they came before, and matches them in an overlapping dump', async () => {
    const { complaintId } = await import('../../src/complaint/ids.js');
    const ids = async (content: string) => (await read(content)).envelopes.map(complaintId);
    const first = await ids('a,b\n1,x\n1,x\n2,y\n');
    const second = await ids('b,a\nx,1\ny,2\nx,1\nz,3\n');
    expect(new Set(first).size).toBe(3);
    expect([second[0], second[2], second[1]]).toEqual([first[0], first[1], first[2]]);
    expect(first).not.toContain(second[3]);
  });

  it('takes the columns of the feed for the id; a row with an empty id by its content', async () => {
    const { envelopes } = await read('id,t\n1990000000000000001,x\n,y\n', {
      kind: 'columns',
      columns: ['id'],
    });
    expect(envelopes.map((e) => e.identity)).toEqual([
      { kind: 'sender', space: 'id', value: '1990000000000000001' },
      { kind: 'row', occurrence: 0 },
    ]);
  });

  it('names empty and repeated headings by their place', async () => {
    const { envelopes } = await read('a,,a\n1,2,3\n');
    expect(envelopes[0]?.format).toMatchObject({ headings: ['a', 'column_2', 'a_3'] });
  });

  it('hands over what was read before a quote that is never closed, then names its line', async () => {
    const path = fileOf('a,b\n1,x\n2,"never\n3,y\n');
    const source = await openCsv({
      path,
      feed: 'f',
      source: 'call_log',
      delimiter: ',',
      encoding: 'utf-8',
      identity: { kind: 'content' },
      mapped: [],
    });
    const got: number[] = [];
    const reading = (async () => {
      for await (const batch of source.read(10)) got.push(batch.envelopes.length);
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'quote_not_closed',
      message: expect.stringContaining('line 3'),
    });
    expect(got).toEqual([1]);
  });

  it('says which column is missing, what there is, and what a file is not', async () => {
    const options = {
      feed: 'f',
      source: 'call_log',
      delimiter: ',',
      encoding: 'utf-8',
      identity: { kind: 'content' },
      mapped: ['complaint'],
    } as const;
    const first = (await openCsv({ ...options, path: fileOf('Complaint,b\n1,2\n') }))
      .read(1)
      [Symbol.asyncIterator]();
    await expect(first.next()).rejects.toMatchObject({
      code: 'headings_do_not_fit',
      message: expect.stringContaining('"Complaint", "b"'),
    });
    const empty = (await openCsv({ ...options, path: fileOf('') })).read(1)[Symbol.asyncIterator]();
    await expect(empty.next()).rejects.toMatchObject({ code: 'empty_file' });
    await expect(openCsv({ ...options, path: folder })).rejects.toMatchObject({ code: 'file_unreadable' });
  });

  it('fails in words when the file goes away after it was counted', async () => {
    const path = fileOf('a\n1\n');
    const source = await openCsv({
      path,
      feed: 'f',
      source: 'call_log',
      delimiter: ',',
      encoding: 'utf-8',
      identity: { kind: 'content' },
      mapped: [],
    });
    rmSync(path);
    await expect(source.read(1)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'file_unreadable',
    });
  });

  it('counts bytes and lines of any line ending', async () => {
    const counted = async (content: string) => (await census(fileOf(content))).lines;
    expect(await Promise.all(['', 'a', 'a\n', 'a\r\nb', 'a\rb\r', '\n\n'].map(counted))).toEqual([
      0, 1, 1, 2, 2, 2,
    ]);
  });

  it('notices bytes that are not in the declared encoding, cell by cell', () => {
    expect(cellsOf(Buffer.from('a,ü'), ',', 'utf-8')).toEqual(['a', 'ü']);
    expect(cellsOf(Buffer.from('a,\xfc', 'latin1'), ',', 'utf-8')).toBe('bad_encoding');
    expect(cellsOf(Buffer.from('a,\xfc', 'latin1'), ',', 'windows-1252')).toEqual(['a', 'ü']);
  });

  it('takes a row for one record whatever line ends stand in its cells', () => {
    expect(cellsOf(Buffer.from('1,first half\rsecond half'), ',', 'utf-8')).toEqual([
      '1',
      'first half\rsecond half',
    ]);
  });

  it('covers every line also where line ends are mixed', async () => {
    const { covered, lines } = await read('a,b\n1,x\r2,y\r\n3,z\n');
    expect([covered, lines]).toEqual([4, 4]);
  });

  it('does not take the row after an unclosed quote for part of a text', () => {
    const format = { kind: 'csv', headings: ['id', 'text'], delimiter: ',' } as const;
    const feed = { encoding: 'utf-8', mapping: { text: ['text'] } };
    const of = (raw: string) => alignCsv(Buffer.from(raw), format, new Date(), feed);
    expect(of('1,"never closed\n2,"No network')).toMatchObject({ quarantine: 'bad_row' });
    expect(of('1,"closed\nin two lines"')).toMatchObject({ ok: { text: 'closed\nin two lines' } });
    expect(of('1,my 5" phone is bad')).toMatchObject({ ok: { text: 'my 5" phone is bad' } });
  });
});
