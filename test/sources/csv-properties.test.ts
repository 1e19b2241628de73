import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RawRow, splitter } from '../../src/sources/call-log/split.js';
import type { Dialect } from '../../src/sources/csv-row.js';
import { codeOf, readContent } from './files.js';

type Written = {
  readonly rows: readonly (readonly string[])[];
  readonly delimiter: string;
  readonly lineEnd: string;
  /** Quotes cells that need none too. */
  readonly lavish: boolean;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly mark: boolean;
};

function write({ rows, delimiter, lineEnd, lavish, encoding, mark }: Written): Buffer {
  const cell = (text: string) =>
    lavish || text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const body = rows.map((row) => row.map(cell).join(delimiter) + lineEnd).join('');
  const text = (mark ? '\ufeff' : '') + body;
  if (encoding === 'utf-8') return Buffer.from(text);
  const wide = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16le' ? wide : wide.swap16();
}

const pieces = ['a', 'é', 'Ọ', '😀', '"', ',', ';', '\t', '\n', '\r\n', '\r', ' ', '0', '\0', '\u2028'];
const cell = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((p) => p.join(''));
/** Never blank: the first cell has a number. */
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((columns) => fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 6 }))
  .map((rows) => rows.map((row, i) => [String(i), ...row]));

describe('any table', () => {
  it('that is written as CSV is read with the same cells', async () => {
    const written = fc.record({
      rows: table,
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
      lavish: fc.boolean(),
      encoding: fc.constantFrom('utf-8', 'utf-16le', 'utf-16be'),
      mark: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(written, async (how) => {
        const headings = ['id', ...(how.rows[0] ?? ['0', '1']).slice(1).map((_, i) => `h${i}`)];
        const { delimiter, encoding } = how;
        const content = write({ ...how, rows: [headings, ...how.rows] });
        const { cells, covered, lines } = await readContent(content, { delimiter, encoding });
        expect(cells).toEqual(how.rows.map((row) => row.map((c) => c.trim())));
        expect(covered).toBe(lines);
      }),
      { numRuns: 150 },
    );
  });
});

const crumbs = fc
  .array(fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '""'), { maxLength: 60 })
  .map((c) => c.join(''));
const dialect = fc.record<Dialect>({
  delimiter: fc.constant(','),
  quotes: fc.boolean(),
  lineEnd: fc.constantFrom('lf', 'any'),
});

function split(dialect: Dialect, chunks: readonly string[]): RawRow[] {
  const { push } = splitter(dialect, 1);
  return [...chunks.flatMap((chunk) => [...push(chunk, false)]), ...push('', true)];
}

/** A text cut at these places, which may be the same or outside. */
function cutAt(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.map((p) => Math.min(p, text.length)).sort((a, b) => a - b), text.length];
  return at.slice(1).map((to, i) => text.slice(at[i], to));
}

/** What a splitter should say does not depend on where rows stand in its window. */
const told = (rows: readonly RawRow[]) =>
  rows.map(({ units, line, lines, cut }) => ({
    units,
    line,
    lines,
    cells: cut.kind === 'row' ? cut.cells : cut.kind,
  }));

describe('any text', () => {
  it('is split into the same rows however it comes in pieces', () => {
    fc.assert(
      fc.property(crumbs, dialect, fc.array(fc.nat(60), { maxLength: 5 }), (text, how, places) => {
        expect(told(split(how, cutAt(text, places)))).toEqual(told(split(how, [text])));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is covered by its rows, line for line', () => {
    fc.assert(
      fc.property(crumbs, dialect, (text, how) => {
        const rows = split(how, [text]);
        const ends = text.match(/\r\n|\n|\r/g)?.length ?? 0;
        const lines = ends + (text === '' || /[\r\n]$/.test(text) ? 0 : 1);
        expect(rows.reduce((sum, row) => sum + row.lines, 0)).toBe(lines);
        expect(
          rows
            .map((row) => row.units)
            .join('')
            .replace(/[\r\n]/g, ''),
        ).toBe(text.replace(/[\r\n]/g, ''));
      }),
      { numRuns: 2_000 },
    );
  });

  it('with rows near the limit is split the same however it comes in pieces', () => {
    const how: Dialect = { delimiter: ',', quotes: true, lineEnd: 'lf' };
    for (const length of [1_048_570, 1_048_574, 1_048_575, 1_048_576, 1_048_577, 1_048_580])
      for (const row of [
        `1,${'x'.repeat(length)}`,
        `1,"${'x'.repeat(length - 5)}\ny"`,
        `1,"${'x'.repeat(length)}`,
      ]) {
        const text = `a,b\r\n${row}\r\n2,y\r\n`;
        const whole = told(split(how, [text]));
        for (const size of [100_003, 262_144, 1_048_576])
          expect(told(split(how, text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []))).toEqual(whole);
      }
  });
});

describe('any bytes', () => {
  it('that can be opened are covered, line for line', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .array(fc.constantFrom(0, 10, 13, 34, 44, 97, 0xc3, 0xa9, 0xff), { maxLength: 60 })
        .map((b) => Uint8Array.from(b)),
    );
    const encoding = fc.constantFrom('auto', 'utf-8', 'windows-1252', 'utf-16le', 'utf-16be', 'shift_jis');
    await fc.assert(
      fc.asyncProperty(bytes, encoding, async (content, encoding) => {
        const reading = readContent(Buffer.from(content), { encoding });
        const code = await codeOf(reading);
        if (code !== 'none') return expect(code).toMatch(/^[a-z_]+$/);
        const { covered, lines } = await reading;
        expect(covered).toBe(lines);
      }),
      { numRuns: 400 },
    );
  });
});
