import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Envelope } from '../../src/complaint/envelope.js';
import { formatProblem, parseMoment } from '../../src/complaint/times.js';
import { type Feed, parseFeeds } from '../../src/config/feeds.js';
import {
  createDateDecider,
  type DateVerdict,
  dateWords,
  decidedFormat,
} from '../../src/sources/call-log/dates.js';
import { DATE_FORMATS, readingsOf } from '../../src/sources/call-log/dates-candidates.js';
import { openFile } from '../../src/sources/call-log/open.js';
import { alignCsv } from '../../src/transform/align/csv.js';
import { codeOf, fileOf, readPath } from './files.js';
import { xlsxOf } from './zip-file.js';

function decide(texts: Iterable<string>): DateVerdict {
  const decider = createDateDecider('epochs');
  for (const text of texts) decider.add(text);
  return decider.finish();
}
const two = (n: number): string => String(n).padStart(2, '0');
const feed = { file: 'a.csv', feed: 'calls', columns: ['opened'] };

describe('one format for a whole file', () => {
  it.each([
    [['2026-11-25', '2026-11-25 09:30', '2026-11-25T09:30:00.123+01:00'], 'iso'],
    [['25/11/2026', '3/4/2026'], 'D/M/YYYY'],
    [['11/25/2026', '3/4/2026'], 'M/D/YYYY'],
    [['25-11-26 23:59', '03-04-26 7:05'], 'D-M-YY H:mm'],
    [['22-04-15 3:53:50 PM', '04-08-15 10:22:56 am'], 'D-M-YY h:mm:ss A'],
    [['5 Nov 2026', '25 NOV 2026'], 'D MMM YYYY'],
    [['Nov 5, 2026'], 'MMM D, YYYY'],
    [['25-Nov-26'], 'D-MMM-YY'],
    [['25.11.2026 10:00:01'], 'D.M.YYYY H:mm:ss'],
    [['25/11/2026, 10:00:01'], 'D/M/YYYY, H:mm:ss'],
    [['25/11/2026 9:30PM'], 'D/M/YYYY h:mmA'],
    [['20261125', '20260304'], 'YYYYMMDD'],
    [['20261125093000'], 'YYYYMMDDHHmmss'],
    [['', '  ', '2026/1/9'], 'YYYY/M/D'],
  ])('%j is %s', (texts, format) => {
    expect(decide(texts)).toMatchObject({ kind: 'decided', format, unfit: 0 });
  });

  it('one row decides what a million others leave open', () => {
    const open = Array.from({ length: 5_000 }, (_, i) => `${two((i % 12) + 1)}/${two((i % 11) + 1)}/2026`);
    expect(decide(open)).toMatchObject({ kind: 'ambiguous', rows: 5_000 });
    expect(decide([...open, '13/01/2026'])).toMatchObject({ kind: 'decided', format: 'D/M/YYYY' });
    expect(decide(['01/13/2026', ...open])).toMatchObject({ kind: 'decided', format: 'M/D/YYYY' });
  });

  it('is no question where both ways mean the same days', () => {
    expect(decide(['03/03/2026', '05/05/2026'])).toMatchObject({ kind: 'decided', rows: 2 });
  });

  it('leaves one row in a hundred to quarantine, in a small file one, and no more', () => {
    const good = (n: number) => Array.from({ length: n }, () => '2026-11-25');
    expect(decide([...good(99), 'soon'])).toMatchObject({ kind: 'decided', format: 'iso', unfit: 1 });
    expect(decide([...good(24), 'soon'])).toMatchObject({ kind: 'decided', unfit: 1 });
    expect(decide([...good(97), 'soon', 'n/a', '-'])).toMatchObject({ kind: 'no_format' });
    expect(decide([...good(4), 'soon'])).toMatchObject({ kind: 'no_format' });
  });

  it('says what the nearest formats are where none fits', () => {
    const verdict = decide(['25 Nov 2026', '25 Nov 2026', '2026-11-25', 'Wednesday']);
    expect(verdict).toEqual({
      kind: 'no_format',
      rows: 4,
      best: [
        { format: 'D MMM YYYY', rows: 2 },
        { format: 'iso', rows: 1 },
      ],
    });
    expect(decide(['x', 'y'])).toEqual({ kind: 'no_format', rows: 2, best: [] });
  });

  it('knows days that a calendar does not have, and does not stumble over what is no date at all', () => {
    expect(decide(['31/02/2026', '13/13/2026'])).toMatchObject({ kind: 'no_format', best: [] });
    expect(decide(['0'.repeat(100_000), '__proto__', '\u0000', '٢٠٢٦-١١-٢٥'])).toMatchObject({
      kind: 'no_format',
      rows: 4,
    });
    expect(decide([])).toEqual({ kind: 'empty' });
    expect(decide(['', ' '])).toEqual({ kind: 'empty' });
  });
});

describe('an export that a spreadsheet has half turned round', () => {
  // Days 1 to 30 of April to June, written month first; what could be day-month was left, the rest turned round.
  const rows = [4, 5, 6].flatMap((month) =>
    Array.from({ length: 30 }, (_, i) => i + 1).map((day) =>
      day <= 12 ? `${two(month)}-${two(day)}-15` : `${two(day)}-${two(month)}-15`,
    ),
  );

  it('is noticed, though one format fits every row', () => {
    const verdict = decide(rows);
    expect(verdict).toMatchObject({ kind: 'mixed_order', doubt: { format: 'D-M-YY', other: 'M-D-YY' } });
    expect(() => decidedFormat(verdict, feed)).toThrow(/dates\.format.*D-M-YY or M-D-YY.*tried in order/);
  });

  it('is not suspected of a file that is in order', () => {
    const right = [4, 5, 6].flatMap((month) =>
      Array.from({ length: 30 }, (_, i) => `${two(i + 1)}-${two(month)}-15`),
    );
    expect(decide(right)).toMatchObject({ kind: 'decided', format: 'D-M-YY' });
  });
});

describe('what the import does with a verdict', () => {
  it('takes a decided format, none where no row has a time', () => {
    expect(decidedFormat(decide(['25/11/2026']), feed)).toBe('D/M/YYYY');
    expect(decidedFormat({ kind: 'empty' }, feed)).toBeUndefined();
  });

  it.each([
    [['03/04/2026', '05/06/2026'], 'dates_ambiguous', 'D/M/YYYY or M/D/YYYY'],
    [['whenever'], 'dates_no_format', 'dates.format'],
  ])('%j is refused as %s', (texts, code, words) => {
    let error: unknown;
    try {
      decidedFormat(decide(texts), feed);
    } catch (e) {
      error = e;
    }
    expect(error).toMatchObject({ name: 'RedressError', code, message: expect.stringContaining(words) });
    expect((error as Error).message).toContain('"opened"');
  });

  it('speaks of counts and formats, never of values', () => {
    const words = dateWords(decide(['03/04/2026', '05/06/2026', '07/07/2026']));
    expect(words).toBe(
      'D/M/YYYY (3 rows), M/D/YYYY (3 rows) all fit, and for 2 rows they mean different days',
    );
  });
});

describe('dates.format: auto in a feed', () => {
  const parse = (dates: string, mapping: string) =>
    parseFeeds(
      `feeds:\n  f: { source: call_log, dates: ${dates}, mapping: { text: t, ${mapping} } }\n`,
      'sources.yaml',
      {
        routeWithin: 1,
        region: 'NG',
        zone: 'Africa/Lagos',
      },
    ).get('f')?.moments;

  it('is no format, with the zone stated', () => {
    const zone = 'Africa/Lagos';
    expect(parse('{ format: auto }', 'occurredAt: d')).toEqual({ columns: ['d'], format: [], zone });
    expect(parse('{ format: auto, zone: UTC }', 'occurredDate: d, occurredTime: h')).toEqual({
      columns: ['d', 'h'],
      format: [],
      zone: 'UTC',
    });
    expect(parse('{ zone: UTC }', 'occurredAt: { column: d, format: auto }')).toMatchObject({ format: [] });
  });

  it.each([
    ['{ format: [auto, iso] }', 'occurredAt: d', 'auto beside other formats'],
    ['{ format: auto, timeFormat: "H:mm" }', 'occurredDate: d, occurredTime: h', 'finds the time too'],
    ['{ format: D/M/YYYY }', 'occurredDate: d, occurredTime: h', 'timeFormat exactly if'],
  ])('%s with %s is an error', (dates, mapping, words) => {
    expect(() => parse(dates, mapping)).toThrow(words);
  });
});

describe('a file of a feed with dates.format: auto', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redress-dates-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const feed = parseFeeds(
    'feeds:\n  f: { source: call_log, dates: { format: auto }, mapping: { text: t, occurredDate: d, occurredTime: h } }\n',
    'sources.yaml',
    { routeWithin: 1, region: 'NG', zone: 'Africa/Lagos' },
  ).get('f') as Feed;
  const open = (rows: string) => {
    const path = join(folder, 'calls.csv');
    writeFileSync(path, `d,h,t\n${rows}`);
    return openFile({ path, feed });
  };

  it('carries the decision on every row, and is read by it again', async () => {
    const { source, facts } = await open('03/04/2026,9:05 PM,a\n25/11/2026,10:00 AM,b\n');
    expect(facts.dateFormat).toBe('D/M/YYYY h:mm A');
    const now = new Date('2026-12-01T00:00:00Z');
    for await (const { envelopes } of source.read(1)) {
      const { raw, format, position } = envelopes[0] as Envelope;
      expect(format).toMatchObject({ dateFormat: 'D/M/YYYY h:mm A' });
      if (format.kind !== 'csv') throw new Error('no row');
      const at = position.index === 1 ? '2026-04-03T20:05:00.000Z' : '2026-11-25T09:00:00.000Z';
      expect(alignCsv(raw, format, now, feed)).toMatchObject({ ok: { occurredAt: new Date(at) } });
      // A format that is declared later goes before what was found.
      const declared = {
        ...feed,
        moments: { columns: ['d', 'h'], format: ['M/D/YYYY h:mm A'], zone: 'UTC' },
      };
      if (position.index === 1)
        expect(alignCsv(raw, format, now, declared)).toMatchObject({
          ok: { occurredAt: new Date('2026-03-04T21:05Z') },
        });
    }
  });

  it('is refused as long as a row could be meant in two ways', async () => {
    const error = await open('03/04/2026,9:05 PM,a\n').catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: 'dates_ambiguous',
      message: expect.stringContaining('"d" with "h"'),
    });
  });
});

describe('plain numbers', () => {
  it.each([
    ['1764057600', 'epoch_s', '2025-11-25T08:00:00.000Z'],
    ['1764057600.5', 'epoch_s', '2025-11-25T08:00:00.500Z'],
    ['1764057600123', 'epoch_ms', '2025-11-25T08:00:00.123Z'],
    ['45986.375', 'excel', '2025-11-25T08:00:00.000Z'],
    ['45986.333333333336', 'excel', '2025-11-25T07:00:00.000Z'],
  ])('%s is %s', (text, format, at) => {
    const decider = createDateDecider('epochs and serials');
    decider.add(text);
    expect(decider.finish()).toMatchObject({ kind: 'decided', format });
    // A serial is a wall clock, and Lagos is an hour ahead.
    expect(parseMoment(text, { format, zone: 'Africa/Lagos' })).toEqual({ ok: true, at: new Date(at) });
  });

  it('are no times where they could be anything, and no serials outside spreadsheets', () => {
    expect(readingsOf('1764057600')).toEqual([]);
    expect(decide(['45986.375'])).toMatchObject({ kind: 'no_format', best: [] });
    expect(decide(['1764057600', '1764057601'])).toMatchObject({ kind: 'decided', format: 'epoch_s' });
    expect(decide(['1764057600', '1764057601000'])).toMatchObject({ kind: 'no_format' });
    expect(decide(['2348031234567', '08031234567', '1234'])).toMatchObject({ kind: 'no_format' });
  });

  const mapped = {
    mapping: { text: ['t'] },
    moments: { columns: ['at'], format: [], zone: 'Africa/Lagos' },
  };
  const opened = async (name: string, content: Buffer | string) => {
    const { envelopes, facts } = await readPath(fileOf(content, name), mapped);
    const now = new Date('2026-12-01T00:00:00Z');
    const aligned = envelopes.map(({ raw, format }) => {
      if (format.kind !== 'csv') throw new Error('no row');
      return alignCsv(raw, format, now, { ...mapped, encoding: 'auto' });
    });
    return { facts, aligned };
  };

  it('are found in a CSV: seconds', async () => {
    const { facts, aligned } = await opened('a.csv', 't,at\nslow,1764057600\nslower,1764061200\n');
    expect(facts.dateFormat).toBe('epoch_s');
    expect(aligned).toMatchObject([
      { ok: { occurredAt: new Date('2025-11-25T08:00:00Z') } },
      { ok: { occurredAt: new Date('2025-11-25T09:00:00Z') } },
    ]);
  });

  it('are found in a spreadsheet: day numbers, which no CSV has', async () => {
    const text = (at: string, cell: string) => `<c r="${at}" t="inlineStr"><is><t>${cell}</t></is></c>`;
    const head = `<row r="1">${text('A1', 't')}${text('B1', 'at')}</row>`;
    const sheet = xlsxOf(`${head}<row r="2">${text('A2', 'slow')}<c r="B2"><v>45986.375</v></c></row>`);
    const { facts, aligned } = await opened('a.xlsx', sheet);
    expect(facts).toMatchObject({ container: 'xlsx', dateFormat: 'excel' });
    expect(aligned).toMatchObject([{ ok: { occurredAt: new Date('2025-11-25T08:00:00Z') } }]);
    expect(await codeOf(opened('b.csv', 't,at\nslow,45986.375\n'))).toBe('dates_no_format');
  });

  it('put a row aside that counts to no time, and leave the others', async () => {
    const rows = Array.from({ length: 199 }, (_, i) => `slow,${1764057600 + i}\n`).join('');
    const { aligned } = await opened('a.csv', `t,at\n${rows}none,0\n`);
    expect(aligned.filter((a) => 'ok' in a)).toHaveLength(199);
    expect(aligned.at(-1)).toEqual({ quarantine: 'bad_date', detail: 'at: no_such_time' });
  });
});

describe('the closed list', () => {
  it('holds formats that a feed may declare, each once', () => {
    expect(DATE_FORMATS.map(formatProblem).filter((p) => p !== undefined)).toEqual([]);
    expect(new Set(DATE_FORMATS).size).toBe(DATE_FORMATS.length);
  });

  it('misses none of its formats for a text that it fits', () => {
    const cells = fc.tuple(
      fc.constantFrom(
        ...['3/4/2026', '13-04-26', '2.12.26', '5 nov 2026', 'DEC 31, 2026', '20260304', '2026/1/31'],
      ),
      fc.constantFrom(
        ...['', ' 9:05', ' 09:05:59', ' 9:05 PM', ' 12:00:00 am', ', 23:59', ' 9:05pm', ' 1:02:03.004'],
      ),
    );
    fc.assert(
      fc.property(cells, ([day, time]) => {
        const text = day + time;
        const all = DATE_FORMATS.filter((format) => parseMoment(text, { format, zone: 'UTC' }).ok);
        expect(readingsOf(text).map((r) => r.format)).toEqual(all);
      }),
    );
  });

  it('the verdict does not depend on the order of the rows, and a decided format reads what it counted', () => {
    const day = fc
      .date({ min: new Date('2020-01-01'), max: new Date('2029-12-31'), noInvalidDate: true })
      .map((d) => d.toISOString().slice(0, 10));
    const written = fc.constantFrom(
      (d: string) => d,
      (d: string) => `${d.slice(8)}/${d.slice(5, 7)}/${d.slice(0, 4)}`,
      (d: string) => `${d.slice(5, 7)}/${d.slice(8)}/${d.slice(0, 4)}`,
      () => 'n/a',
    );
    const texts = fc.array(
      fc.tuple(day, written).map(([d, w]) => w(d)),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(texts, (rows) => {
        const verdict = decide(rows);
        expect(decide([...rows].reverse())).toEqual(verdict);
        if (verdict.kind !== 'decided') return;
        const { format } = verdict;
        const read = rows.filter((r) => parseMoment(r, { format, zone: 'UTC' }).ok);
        expect(read.length).toBe(verdict.rows - verdict.unfit);
      }),
    );
  });
});
