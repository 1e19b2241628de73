import type { Envelope } from '../complaint/envelope.js';
import { cellsOfRow } from '../sources/csv-text.js';
import { type ColumnProfile, columnProfiler } from './drift-column.js';
import { DRIFT } from './drift-thresholds.js';

/** What one run of a feed looked like; some kilobytes, without personal data. */
export type Profile = {
  readonly rows: number;
  /** In the order of the file, which means nothing. */
  readonly columns: readonly ColumnProfile[];
  /** Headings that stood more than once. */
  readonly duplicated: readonly string[];
};

export type Profiler = {
  /** A row under its headings, as `RawFormat` has them. Missing cells count as empty, surplus ones not at all. */
  row(headings: readonly string[], cells: readonly string[]): void;
  /** The rows of a file as their source hands them over; other pieces, and rows that can't be read, are passed by. */
  envelopes(envelopes: readonly Envelope[]): void;
  finish(): Profile;
};

/** Kinds are looked up in the first rows and in a part of the rest: enough for shares, and cheap beside the parser. */
const LOOKED_AT = 2_000;
const THEN_EVERY = 16;

/** Headings that the source had to tell apart by their place: `Date` and `Date_4`. */
function duplicatedOf(headings: readonly string[]): string[] {
  const found = headings.flatMap((heading, i) => {
    const name = heading.replace(new RegExp(`_${i + 1}$`), '');
    return name !== heading && headings.indexOf(name) >= 0 && headings.indexOf(name) < i ? [name] : [];
  });
  return [...new Set(found)];
}

export function createProfiler(): Profiler {
  const columns = new Map<string, ReturnType<typeof columnProfiler>>();
  let headings: readonly string[] = [];
  let order: ReturnType<typeof columnProfiler>[] = [];
  let duplicated: readonly string[] = [];
  let rows = 0;

  function under(now: readonly string[]): void {
    headings = now;
    duplicated = duplicatedOf(now);
    order = now.slice(0, DRIFT.columns).map((name) => {
      const column = columns.get(name) ?? columnProfiler(name);
      columns.set(name, column);
      return column;
    });
  }

  const row: Profiler['row'] = (now, cells) => {
    if (now !== headings) under(now);
    const look = rows < LOOKED_AT || rows % THEN_EVERY === 0;
    rows += 1;
    for (const [i, column] of order.entries()) column.add((cells[i] ?? '').trim(), look);
  };

  return {
    row,
    envelopes(envelopes) {
      for (const { format, raw, reason } of envelopes) {
        if (format.kind !== 'csv' || reason) continue;
        const read = cellsOfRow(raw, format, format.encoding);
        if ('cells' in read) row(format.headings, read.cells);
      }
    },
    finish: () => ({ rows, columns: [...columns.values()].map((c) => c.finish(rows)), duplicated }),
  };
}

/** The profile of rows that are at hand: `createProfiler` in one go. */
export function profileOf(headings: readonly string[], rows: Iterable<readonly string[]>): Profile {
  const profiler = createProfiler();
  for (const cells of rows) profiler.row(headings, cells);
  return profiler.finish();
}
