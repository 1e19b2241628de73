import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { limit } from '../../src/complaint/limits.js';
import { openFile } from '../../src/sources/call-log/open.js';
import { asideOf, codeOf, feedOf, fileOf, readContent } from './files.js';
import { xlsxOf, zipOf } from './zip-file.js';

const CSV = 'id,text\n1,"a\nb"\n2,ü\n';
const CELLS = [
  ['1', 'a\nb'],
  ['2', 'ü'],
];

describe('packed files', () => {
  it.each([
    ['gz', gzipSync(CSV)],
    ['gz', Buffer.concat([gzipSync('id,text\n1,"a\n'), gzipSync('b"\n2,ü\n')])],
    ['zip', zipOf([{ name: 'calls.CSV', content: CSV }])],
    ['zip', zipOf([{ name: 'export', content: Buffer.from(`\ufeff${CSV}`, 'utf16le') }])],
    [
      'zip',
      zipOf([
        { name: 'd/', content: '' },
        { name: 'd/calls.csv', content: CSV },
        { name: 'd/READ.ME', content: 'read, me' },
        { name: '__MACOSX/d/._calls.csv', content: '\0' },
      ]),
    ],
  ])('%s is read like what is in it, and known by its own bytes', async (container, bytes) => {
    const path = fileOf(bytes, 'x.bin');
    const { source, facts, rows } = await openFile({ path, feed: feedOf() });
    const cells: unknown[] = [];
    for await (const row of rows()) cells.push(row);
    expect([facts.container, cells]).toEqual([container, CELLS]);
    expect(await source.census()).toMatchObject({
      lines: 4,
      sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
    });
  });

  it.each([
    [
      'two CSVs',
      zipOf([
        { name: 'a.csv', content: CSV },
        { name: 'b.csv', content: CSV },
      ]),
      'archive_contents',
    ],
    ['no file', zipOf([]), 'archive_contents'],
    ['a password', zipOf([{ name: 'a.csv', content: CSV, encrypted: true }]), 'archive_contents'],
    ['a zip in a gz', gzipSync(zipOf([{ name: 'a.csv', content: CSV }])), 'archive_contents'],
    ['a PDF in a zip', zipOf([{ name: 'a', content: '%PDF-1.7 ...' }]), 'archive_contents'],
    ['half a gz', gzipSync(CSV.repeat(1_000)).subarray(0, 60), 'archive_damaged'],
    ['half a zip', zipOf([{ name: 'a.csv', content: CSV }]).subarray(0, 60), 'archive_damaged'],
    ['a lie about its size', zipOf([{ name: 'a.csv', content: CSV, claimedSize: 3 }]), 'archive_damaged'],
    ['nothing', gzipSync(''), 'empty_file'],
    ['xls', Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1', 'latin1'), 'format_unknown'],
    ['bzip2', Buffer.from('BZh91AY'), 'format_unknown'],
  ])('with %s is refused', async (_, bytes, code) => {
    expect(await codeOf(readContent(bytes))).toBe(code);
  });

  it('a bomb is refused, a regular file is not', async () => {
    const line = `${'1,x'.padEnd(1_000)}\n`;
    const million = `id,text\n${line.repeat(17_000)}`;
    expect(await codeOf(readContent(gzipSync(million)))).toBe('archive_too_large');
    expect(await codeOf(readContent(zipOf([{ name: 'a.csv', content: million }])))).toBe('archive_too_large');
    expect((await readContent(gzipSync(`id,text\n${line.repeat(9_000)}`))).cells).toHaveLength(9_000);
  });
});

describe('a spreadsheet', () => {
  const text = (ref: string, value: string) => `<c r="${ref}" t="inlineStr"><is><t>${value}</t></is></c>`;
  const number = (ref: string, value: string, style = 0) => `<c r="${ref}" s="${style}"><v>${value}</v></c>`;
  const headings = `<row r="1">${text('A1', 'id')}${text('B1', 'text')}${text('C1', 'at')}</row>`;

  it('gives ids as text, dates as ISO, and keeps lines and quotes', async () => {
    const sheet = xlsxOf(
      [
        headings,
        `<row r="2">${number('A2', '2348031234567')}${text('B2', 'a &quot;b&quot;,\n c')}${number('C2', '46351', 1)}</row>`,
        `<row r="4">${number('A4', '1.99E+18')}${text('B4', '0803')}${number('C4', '46351.395833333336', 3)}</row>`,
        `<row r="5">${text('A5', '007')}<c r="B5" t="e"><v>#N/A</v></c>${number('C5', '0.66246527777777775', 2)}</row>`,
        `<row r="6">${number('A6', '0.5')}<c r="B6" t="b"><v>1</v></c></row>`,
      ].join(''),
    );
    const { cells, facts, envelopes, covered, lines } = await readContent(sheet, {
      delimiter: ';',
      encoding: 'utf-16le',
    });
    expect(facts).toMatchObject({ container: 'xlsx', encoding: 'utf-8', delimiter: ',' });
    expect(cells).toEqual([
      ['2348031234567', 'a "b",\n c', '2026-11-25'],
      ['1990000000000000000', '0803', '2026-11-25T09:30:00'],
      ['007', '', '15:53:57'],
      ['0.5', 'TRUE', ''],
    ]);
    expect(envelopes[0]?.raw.toString()).toBe('2348031234567,"a ""b"",\n c",2026-11-25');
    expect(covered).toBe(lines);
  });

  it('a row of too many bytes is too large, also where it has more cells than headings', async () => {
    const wide = text('A2', 'x'.repeat(limit('rawBytes')));
    const sheet = xlsxOf(
      `${headings}<row r="2">${wide}${text('D2', 'surplus')}</row><row r="3">${text('B3', 'y')}</row>`,
    );
    const { envelopes } = await readContent(sheet);
    expect(asideOf(envelopes)).toEqual(['2 too_large']);
    expect(envelopes[0]?.raw.length).toBe(limit('rawBytes'));
  });

  it.each([
    ['without rows', xlsxOf(''), 'empty_file'],
    ['that is no XML', xlsxOf('<row r="1"><c r="A1"'), 'spreadsheet_damaged'],
    [
      'that unpacks to more than it says',
      xlsxOf(headings, { name: 'xl/sharedStrings.xml', content: 'x'.repeat(9_000), claimedSize: 9 }),
      'archive_damaged',
    ],
    [
      'that unpacks to too much',
      xlsxOf(headings, { name: 'x', content: '', claimedSize: limit('spreadsheetUnpackedBytes') }),
      'spreadsheet_too_large',
    ],
    [
      'with a row in a billion',
      xlsxOf(`${headings}<row r="999999999">${text('A999999999', 'x')}</row>`),
      'spreadsheet_too_large',
    ],
  ])('%s is refused', async (_, bytes, code) => {
    expect(await codeOf(readContent(bytes))).toBe(code);
  });
});
