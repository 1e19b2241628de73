import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { complaintId } from '../../src/complaint/ids.js';
import { limit } from '../../src/complaint/limits.js';
import { packageRoot } from '../../src/paths.js';
import { FILE_ERRORS } from '../../src/sources/call-log/file-errors.js';
import { openFile } from '../../src/sources/call-log/open.js';
import { asideOf, codeOf, feedOf, fileOf, readContent } from './files.js';

describe('a call-centre CSV', () => {
  it('gives each row its own bytes and place, in batches that say which rows they are', async () => {
    const { envelopes, stretches, covered, lines } = await readContent(
      'a,b\n1,"x\ny"\n\n\n3,4\r\n5,ü',
      {},
      { size: 2 },
    );
    expect(envelopes.map((e) => e.raw.toString())).toEqual(['1,"x\ny"', '3,4', '5,ü']);
    expect(envelopes.map((e) => [e.position.index, e.position.line])).toEqual([
      [1, 2],
      [2, 6],
      [3, 7],
    ]);
    expect(stretches).toEqual([
      { from: 1, to: 2 },
      { from: 3, to: 3 },
    ]);
    expect([covered, lines]).toEqual([7, 7]);
  });

  it('goes on after the rows that are in, with the same ids as if it had begun with them', async () => {
    const content = 'a,b\n1,x\n1,x\n1,x\n2,y\n';
    const whole = await readContent(content);
    const rest = await readContent(content, {}, { skipRows: 2, size: 1 });
    expect(rest.stretches).toEqual([
      { from: 3, to: 3 },
      { from: 4, to: 4 },
    ]);
    expect(rest.envelopes.map(complaintId)).toEqual(whole.envelopes.map(complaintId).slice(2));
    expect([rest.covered, rest.lines]).toEqual([5, 5]);
    expect((await readContent(content, {}, { skipRows: 9 })).envelopes).toEqual([]);
  });

  it('tells identical rows apart by how often they came before, and matches them in an overlapping dump', async () => {
    const ids = async (content: string | Buffer) => (await readContent(content)).envelopes.map(complaintId);
    const first = await ids('a,b\n1,é\n1,é\n2,y\n');
    const other = Buffer.from('b;a\né;1\ny;2\né;1\nz;3\n', 'latin1');
    const second = await ids(other);
    expect(new Set(first).size).toBe(3);
    expect([second[0], second[2], second[1]]).toEqual([first[0], first[1], first[2]]);
    expect(first).not.toContain(second[3]);
  });

  it('takes the columns of the feed for the id; a row with an empty id by its content', async () => {
    const identity = { kind: 'columns', columns: ['id'] } as const;
    const { envelopes } = await readContent('id,t\n1990000000000000001,x\n,y\n', { identity });
    expect(envelopes.map((e) => e.identity)).toEqual([
      { kind: 'sender', space: 'id', value: '1990000000000000001' },
      { kind: 'row', occurrence: 0 },
    ]);
  });

  it('names empty, repeated and broken headings by their place, and leaves dotted ones', async () => {
    const headings = async (content: string) => (await readContent(content)).facts.headings;
    expect(await headings('a,,a,a_3\n1,2,3,4\n')).toEqual(['a', 'column_2', 'a_3', 'a_3_4']);
    expect(await headings('a.b,$c,__proto__,"d\n e"\n1,2,3,4\n')).toEqual(['a.b', '$c', '__proto__', 'd e']);
  });

  it('takes missing cells for empty, empty surplus for nothing, and puts other surplus aside', async () => {
    const { envelopes, cells } = await readContent('a,b\n1\n2,x, ,\n3,y,z\n,\n4,w\n');
    expect(cells).toEqual([
      ['1', ''],
      ['2', 'x'],
      ['4', 'w'],
    ]);
    expect(asideOf(envelopes)).toEqual(['4 bad_row']);
    expect(envelopes[2]?.reason?.detail).toBe('3 cells under 2 headings');
  });

  it('can have no heading row, and no quotes', async () => {
    const settings = { headings: ['kind', 'text'], quotes: false, delimiter: '\t' };
    const { cells, facts } = await readContent('ham\t"open\nspam\tx "y"\n', settings);
    expect(cells).toEqual([
      ['ham', '"open'],
      ['spam', 'x "y"'],
    ]);
    expect(facts.headings).toEqual(['kind', 'text']);
  });

  it('puts a row of too many bytes aside with its beginning', async () => {
    const long = 'y'.repeat(limit('rowBytes') + 10);
    const { envelopes, covered, lines } = await readContent(
      `a,b\n1,${'x'.repeat(limit('rawBytes'))}\n${long}\n2,z\n`,
    );
    expect(asideOf(envelopes)).toEqual(['2 too_large', '3 too_large']);
    expect(envelopes.map((e) => e.raw.length)).toEqual([limit('rawBytes'), limit('rawBytes'), 3]);
    expect(covered).toBe(lines);
  });

  const huge = 'x'.repeat(limit('rawBytes'));
  it.each([
    ['too many cells', `1,${huge},surplus`, '3 cells'],
    ['a quote that is never closed', `1,"${huge}`, 'never closed'],
    ['a stray quote', `1,"${huge}" y,z`, 'a quote in the middle'],
    ['bytes that are no UTF-8', Buffer.from(`1,${huge}\xff`, 'latin1'), 'not valid utf-8'],
  ])('calls a row too large whatever else is wrong: %s', async (_, row, also) => {
    const content = Buffer.concat([Buffer.from('a,b\n'), Buffer.from(row), Buffer.from('\n2,z\n')]);
    const { envelopes } = await readContent(content, { encoding: 'utf-8' });
    expect(asideOf(envelopes)).toEqual(['2 too_large']);
    expect(envelopes[0]?.reason?.detail).toMatch(new RegExp(`^\\d+ bytes, and .*${also}`));
    expect(envelopes[0]?.raw.length).toBe(limit('rawBytes'));
  });

  it('fails in words when the file goes away after it was opened', async () => {
    const path = fileOf('a\n1\n');
    const { source } = await openFile({ path, feed: feedOf() });
    rmSync(path);
    const reading = source.read(1)[Symbol.asyncIterator]().next();
    await expect(reading).rejects.toMatchObject({ code: 'file_unreadable' });
  });
});

describe('quotes that are wrong', () => {
  const rows = (from: number, n: number) =>
    Array.from({ length: n }, (_, i) => `${from + i},fine\n`).join('');
  const read = async (content: string) => {
    const { envelopes, cells, covered, lines } = await readContent(`a,b\n${content}`, { delimiter: ',' });
    expect(covered).toBe(lines);
    return { aside: asideOf(envelopes), ids: cells.map(([id]) => id), envelopes };
  };

  it('never closed: the line is put aside with its bytes, what it swallowed is read', async () => {
    const { aside, ids, envelopes } = await read('1,x\n2,"never\n3,y\n4,"z, q"\n');
    expect(aside).toEqual(['3 bad_row']);
    expect(envelopes[1]).toMatchObject({
      reason: { detail: 'a quote opened at line 3 is never closed' },
      position: { index: 2, line: 3 },
    });
    expect(envelopes[1]?.raw.toString()).toBe('2,"never');
    expect(ids).toEqual(['1', '3', '4']);
  });

  it.each([
    ['at the end of the file', '1,x\n2,"never', ['3 bad_row'], ['1']],
    ['closed by the next row in mid cell', '1,"never\n2,"y"\n3,z\n', ['2 bad_row'], ['2', '3']],
    ['all cells quoted', '"1","a"\n"2","never\n"3","b"\n', ['3 bad_row'], ['1', '3']],
    ['two in a row', '1,"never\n2,"and never\n3,z\n', ['2 bad_row', '3 bad_row'], ['3']],
    ['in one line, with as many cells as headings', '1,"Bad" service\n2,5" pipe\n', [], ['1', '2']],
    ['in one line, with other cells', '1,"Bad "very", bad\n2,y\n', ['2 bad_row'], ['2']],
    ['an empty cell of quotes', '1,""\n2,""""\n', [], ['1', '2']],
  ])('%s', async (_, content, aside, ids) => {
    expect(await read(content)).toMatchObject({ aside, ids });
  });

  it('closed after an absurd stretch of lines or bytes: not closed', async () => {
    const lines = await read(`1,"never\n${rows(2, 1_200)}9999,"x"\n`);
    expect([lines.aside, lines.ids.length]).toEqual([['2 bad_row'], 1_201]);
    const wide = `${'w'.repeat(10_000)},fine\n`.repeat(130);
    const bytes = await read(`1,never"\n2,"never\n${wide}3,"x"\n`);
    expect([bytes.aside, bytes.ids.length]).toEqual([['3 bad_row'], 132]);
  });

  it('a long cell with hundreds of lines is a cell', async () => {
    const { aside, ids } = await read(`1,"${'a line\n'.repeat(900)}"\n2,y\n`);
    expect([aside, ids]).toEqual([[], ['1', '2']]);
  });
});

describe('encodings', () => {
  const text = 'a;b\r\n1;"Ọjà “é”\nx"\r\n2;y\r\n';
  const swapped = (s: string) => Buffer.from(s, 'utf16le').swap16();
  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', swapped(`\ufeff${text}`)],
    ['utf-16be', swapped(text)],
  ])('%s is found, and each row keeps its very bytes', async (encoding, content) => {
    const { facts, cells, envelopes, covered, lines } = await readContent(content);
    expect(facts).toMatchObject({ encoding, delimiter: ';', container: 'csv' });
    expect(cells).toEqual([
      ['1', 'Ọjà “é”\nx'],
      ['2', 'y'],
    ]);
    for (const { raw } of envelopes) expect(content.includes(raw)).toBe(true);
    expect(envelopes[0]?.raw.length).toBeGreaterThan(12);
    expect([covered, lines]).toEqual([4, 4]);
  });

  it('what is not UTF-8 anywhere in the file is Windows-1252', async () => {
    const far = `a,b\n${'1,x\n'.repeat(200_000)}2,\xe9\x80\n`;
    const { facts, cells } = await readContent(Buffer.from(far, 'latin1'));
    expect(facts.encoding).toBe('windows-1252');
    expect(cells.at(-1)).toEqual(['2', 'é€']);
  });

  it('a broken row in a file of UTF-8 is put aside, the others stay what they are', async () => {
    const good = Buffer.from('1,é ọ ü\n'.repeat(20));
    const { facts, cells, envelopes } = await readContent(
      Buffer.concat([Buffer.from('a,b\n'), good, Buffer.from('2,caf\xc3\n', 'latin1')]),
    );
    expect(facts.encoding).toBe('utf-8');
    expect(cells).toHaveLength(20);
    expect(asideOf(envelopes)).toEqual(['22 bad_encoding']);
  });

  const emoji = Buffer.from('😡');
  const cutAfter = (bytes: number, before: string) =>
    Buffer.concat([Buffer.from(before), emoji.subarray(0, bytes)]);

  it.each([1, 2, 3])('a file of UTF-8 that ends %i bytes into a character is one still', async (bytes) => {
    for (const pack of [(content: Buffer) => content, gzipSync]) {
      const { facts, cells, envelopes } = await readContent(pack(cutAfter(bytes, 'a,b\n1,é\n2,slow ')));
      expect(facts.encoding).toBe('utf-8');
      expect(cells).toEqual([['1', 'é']]);
      expect(asideOf(envelopes)).toEqual(['3 bad_encoding']);
      expect(envelopes[1]?.raw).toEqual(cutAfter(bytes, '2,slow '));
    }
  });

  it('where the cut character is all that is not ASCII, two of its bytes show UTF-8 and one does not', async () => {
    for (const [bytes, encoding] of [
      [1, 'windows-1252'],
      [2, 'utf-8'],
      [3, 'utf-8'],
    ] as const)
      expect((await readContent(cutAfter(bytes, 'a,b\n1,slow '))).facts.encoding).toBe(encoding);
    const { cells } = await readContent(Buffer.from('a,b\n1,x\n2,caf\xe9', 'latin1'));
    expect(cells.at(-1)).toEqual(['2', 'café']);
  });

  it('a file of Windows-1252 stays one, whatever letter it ends with', async () => {
    const { facts, cells } = await readContent(Buffer.from('a,b\n1,d\xe9j\xe0 vu\n2,caf\xe9', 'latin1'));
    expect(facts.encoding).toBe('windows-1252');
    expect(cells).toEqual([
      ['1', 'déjà vu'],
      ['2', 'café'],
    ]);
  });

  it('a declared one is kept to; a mark that says otherwise is an error', async () => {
    const utf8 = await readContent('a\né\n', { encoding: 'windows-1252' });
    expect(utf8.cells).toEqual([['Ã©']]);
    expect((await readContent(Buffer.from('a\nx\n', 'utf16le'), { encoding: 'utf-16le' })).cells).toEqual([
      ['x'],
    ]);
    expect(await codeOf(readContent('\ufeffa\n1\n', { encoding: 'windows-1252' }))).toBe('encoding_unclear');
  });

  it.each([
    ['UTF-32', Buffer.from('\xff\xfe\x00\x00a\x00\x00\x00', 'latin1')],
    ['half of UTF-16', Buffer.from('\ufeffa\n1\n', 'utf16le').subarray(0, 9)],
    ['no text', Buffer.alloc(1_000)],
  ])('%s is refused', async (_, content) => {
    expect(await codeOf(readContent(content))).toBe('encoding_unclear');
  });

  it('NUL bytes and unpaired surrogates do no harm', async () => {
    expect((await readContent('a,b\n1,x\0y\n2,zzzzzzzzzz\n')).cells[0]).toEqual(['1', 'x\0y']);
    const torn = await readContent(Buffer.from('\ufeffa,b\n1,\ud800x\n2,y\n', 'utf16le'));
    expect([asideOf(torn.envelopes), torn.cells]).toEqual([['2 bad_encoding'], [['2', 'y']]]);
  });
});

describe('delimiters and line ends', () => {
  it.each([',', ';', '\t', '|', '^', '\x1f'])('%j is found', async (d) => {
    const content = `id${d}text\n1${d}"a, b; c"\n2${d}"x${d}y"\n`;
    const { facts, cells } = await readContent(content);
    expect([facts.delimiter, cells[1]]).toEqual([d, ['2', `x${d}y`]]);
  });

  it('a sep= line says it, and is no row', async () => {
    const { facts, cells, covered, lines } = await readContent('\ufeffsep==\r\na=b\r\n1=2\r\n');
    expect([facts.delimiter, facts.headings, cells]).toEqual(['=', ['a', 'b'], [['1', '2']]]);
    expect([covered, lines]).toEqual([3, 3]);
  });

  it('the columns of the feed decide, then how even the rows are; a tie is an error', async () => {
    const content = 'h1,h2;h3\n1,2;3\n';
    expect(await codeOf(readContent(content))).toBe('delimiter_unclear');
    expect((await readContent(content, { mapping: { text: ['h3'] } })).facts.delimiter).toBe(';');
    expect((await readContent(content, { delimiter: ',' })).facts.headings).toEqual(['h1', 'h2;h3']);
    expect((await readContent('a,b;c;d\n1;2;3\n')).facts.delimiter).toBe(';');
  });

  it('CR alone ends rows only in a file of CRs', async () => {
    expect((await readContent('a,b\r1,"x\ry"\r2,z\r')).cells).toEqual([
      ['1', 'x\ry'],
      ['2', 'z'],
    ]);
    const { cells, covered, lines } = await readContent('a,b\n1,x\ry\n2,z\r\n3,w');
    expect(cells).toEqual([
      ['1', 'x\ry'],
      ['2', 'z'],
      ['3', 'w'],
    ]);
    expect([covered, lines]).toEqual([5, 5]);
  });
});

describe('what is unusable as a whole', () => {
  it.each([
    ['empty', ''],
    ['only blank lines', '\n \n\t\r\n'],
    ['only a mark', '\ufeff'],
    ['only sep=', 'sep=,\n'],
  ])('%s: empty_file', async (_, content) => {
    expect(await codeOf(readContent(content))).toBe('empty_file');
  });

  it('only headings: no rows, and no error', async () => {
    const { envelopes, covered, lines } = await readContent('\n\na,b\n');
    expect([envelopes, covered, lines]).toEqual([[], 3, 3]);
  });

  it('repeats no cell of a file without a heading row, which has a customer in its place', async () => {
    const reading = readContent('TK-1,08031234567,Customer could not be helped by anyone at all\n2,3,b\n', {
      mapping: { text: ['complaint'] },
    });
    await expect(reading).rejects.toMatchObject({
      message: expect.stringContaining('its columns are "column 1", "column 2", "column 3"'),
    });
  });

  it('says which column is missing and what there is', async () => {
    const reading = readContent('Complaint,b\n1,2\n', { mapping: { text: ['complaint'] } });
    await expect(reading).rejects.toMatchObject({
      code: 'headings_do_not_fit',
      message: expect.stringContaining('"Complaint", "b"'),
    });
    expect(await codeOf(readContent(`${'a,'.repeat(1_001)}\n`))).toBe('too_many_columns');
    expect(await codeOf(readContent('"a,b\n1,2\n'))).toBe('headings_do_not_fit');
  });

  it('is in the documentation, each with what to do', () => {
    const page = readFileSync(join(packageRoot, 'docs/sources/files.md'), 'utf8');
    for (const [code, fix] of Object.entries(FILE_ERRORS)) expect(page).toContain(`| \`${code}\` | ${fix} |`);
  });
});
