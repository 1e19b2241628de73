import { describe, expect, it } from '@jest/globals';
import { alignCsv, type CsvFeed } from '../../src/transform/align/csv.js';

type Format = Parameters<typeof alignCsv>[1];
const received = new Date('2026-11-25T10:00:00Z');
const feed: CsvFeed = { encoding: 'auto', mapping: { text: ['text'] } };
const format: Format = { kind: 'csv', headings: ['id', 'text'], delimiter: ',', encoding: 'utf-8' };

const align = (row: string | Buffer, of: Partial<Format> = {}, by: Partial<CsvFeed> = {}) =>
  alignCsv(Buffer.from(row), { ...format, ...of }, received, { ...feed, ...by });
const textOf = (result: ReturnType<typeof align>) => ('ok' in result ? result.ok.text : result.quarantine);

describe('a stored CSV row', () => {
  it('is read in the encoding of its file, whatever the feed declares by now', () => {
    const wide = Buffer.from('1,"ü,\n“x”"', 'utf16le');
    expect(textOf(align(wide, { encoding: 'utf-16le' }, { encoding: 'windows-1252' }))).toBe('ü,\n“x”');
    expect(textOf(align(wide.subarray(0, 9), { encoding: 'utf-16le' }))).toBe('bad_encoding');
    const windows = Buffer.from('1,\x93caf\xe9\x94 \x80', 'latin1');
    expect(textOf(align(windows, { encoding: 'windows-1252' }))).toBe('“café” €');
  });

  it('that is not valid in it is read again in what the feed declares by then', () => {
    const windows = Buffer.from('1,caf\xe9', 'latin1');
    expect(textOf(align(windows))).toBe('bad_encoding');
    expect(textOf(align(windows, {}, { encoding: 'windows-1252' }))).toBe('café');
    expect(textOf(align(windows, {}, { encoding: 'utf-16le' }))).toBe('bad_encoding');
  });

  it('of before formats named an encoding is read by the feed', () => {
    const { encoding: _, ...old } = format;
    const row = Buffer.from('1,caf\xe9', 'latin1');
    const read = alignCsv(row, old as Format, received, { ...feed, encoding: 'windows-1252' });
    expect(textOf(read)).toBe('café');
  });

  it('that was put aside is so again, for the same reason', () => {
    expect(align('1,"never')).toEqual({
      quarantine: 'bad_row',
      detail: 'a quote is opened and never closed',
    });
    expect(align('1,x,y')).toEqual({ quarantine: 'bad_row', detail: '3 cells under 2 headings' });
    expect(textOf(align('1,"never', { quotes: false }))).toBe('"never');
    expect(textOf(align('1'))).toBe('no_text');
  });

  it('has its time in the one format of its file, where the feed declares none', () => {
    const moments = { columns: ['id'], format: [], zone: 'UTC' };
    const at = (result: ReturnType<typeof align>) =>
      'ok' in result ? result.ok.occurredAt.toISOString() : result;
    const row = '03/04/2026,x';
    expect(at(align(row, { dateFormat: 'D/M/YYYY' }, { moments }))).toBe('2026-04-03T00:00:00.000Z');
    expect(at(align(row, {}, { moments }))).toMatchObject({ quarantine: 'bad_date' });
  });
});
