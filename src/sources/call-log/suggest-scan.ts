import { type ColumnProfile, columnProfiler } from '../../staging/drift-column.js';
import { foldHeading } from '../../staging/drift-rename.js';
import { createDateDecider, type DateVerdict } from './dates.js';
import type { Numbers } from './dates-candidates.js';
import { rankOf } from './suggest-names.js';

/** What a column holds, from the rows that were read. */
export type ColumnFacts = {
  readonly name: string;
  readonly profile: ColumnProfile;
  /** Rows at the beginning in which uniqueness was counted exactly, and the different values among them. */
  readonly counted: number;
  readonly distinct: number;
  /** Every different value with its rows, if there are few. */
  readonly values?: ReadonlyMap<string, number>;
  /** Filled cells from all over what was read. */
  readonly sample: readonly string[];
  /** Absent: not a column of dates. */
  readonly dates?: DateVerdict;
  /** Absent: not a column of times of day; else their format, like `h:mm A`. */
  readonly timeFormat?: string;
};

export type Scan = {
  readonly rows: number;
  /** false: there are more rows than were read. */
  readonly complete: boolean;
  readonly columns: readonly ColumnFacts[];
};

/** Rows beyond this are not read: a mapping does not get surer by them. */
const MOST_ROWS = 1_000_000;
const EXACT_ROWS = 20_000;
const SAMPLE = 400;
const FEW_VALUES = 40;
/** Without one date in so many filled cells a column is not asked for dates any more. */
const DATES_WITHIN = 200;

/** A sample that is spread evenly however long the input is: every second of it goes when it is full. */
function evenly<T>(size: number) {
  let kept: T[] = [];
  let every = 1;
  let seen = 0;
  return {
    add(item: T): void {
      if (seen++ % every !== 0) return;
      kept.push(item);
      if (kept.length < size * 2) return;
      kept = kept.filter((_, i) => i % 2 === 0);
      every *= 2;
    },
    all: (): readonly T[] => kept,
  };
}

/** Asks a date decider until it is clear that there are none. */
function datesOf(dress: (cell: string) => string, numbers: Numbers) {
  const decider = createDateDecider(numbers);
  let filled = 0;
  let asked = true;
  const hasAny = () => {
    const verdict = decider.finish();
    return verdict.kind !== 'empty' && (verdict.kind !== 'no_format' || verdict.best.length > 0);
  };
  return {
    add(cell: string): void {
      if (!asked) return;
      filled += 1;
      decider.add(dress(cell));
      if (filled === DATES_WITHIN) asked = hasAny();
    },
    finish: (): DateVerdict | undefined => (asked && hasAny() ? decider.finish() : undefined),
  };
}

/** A time of day is read like one with a day in front of it. */
const ANY_DAY = '2000/1/1 ';

function columnScan(name: string, numbers: Numbers) {
  const profiler = columnProfiler(name);
  const sample = evenly<string>(SAMPLE);
  const dates = datesOf((cell) => cell, rankOf('occurredAt', foldHeading(name)) < 0 ? 'none' : numbers);
  const times = datesOf((cell) => (cell.includes(':') ? ANY_DAY + cell : 'none'), 'none');
  const seen = new Set<string>();
  let values: Map<string, number> | undefined = new Map();
  let counted = 0;
  return {
    add(cell: string, row: number): void {
      profiler.add(cell, row < 2_000 || row % 16 === 0);
      if (cell === '') return;
      sample.add(cell.slice(0, 2_000));
      dates.add(cell);
      times.add(cell);
      if (row < EXACT_ROWS) {
        counted += 1;
        seen.add(`${cell.length} ${cell.slice(0, 300)}`);
      }
      if (!values) return;
      values.set(cell, (values.get(cell) ?? 0) + 1);
      if (values.size > FEW_VALUES || cell.length > 200) values = undefined;
    },
    finish(rows: number): ColumnFacts {
      const verdict = dates.finish();
      const time = times.finish();
      const timeFormat = time?.kind === 'decided' ? time.format.replace(/^YYYY\/M\/D /, '') : undefined;
      return {
        name,
        profile: profiler.finish(rows),
        counted,
        distinct: seen.size,
        ...(values ? { values } : {}),
        sample: sample.all(),
        ...(verdict ? { dates: verdict } : {}),
        ...(timeFormat === undefined || !/[Hh]/.test(timeFormat) ? {} : { timeFormat }),
      };
    },
  };
}

/** Reads rows once, at flat memory. `numbers`: which plain numbers may be times, where a heading speaks of one. */
export async function scan(
  headings: readonly string[],
  rows: AsyncIterable<readonly string[]>,
  numbers: Numbers,
  mostRows = MOST_ROWS,
): Promise<Scan> {
  const columns = headings.map((name) => columnScan(name, numbers));
  let n = 0;
  let complete = true;
  for await (const cells of rows) {
    if (n >= mostRows) {
      complete = false;
      break;
    }
    for (const [i, column] of columns.entries()) column.add((cells[i] ?? '').trim(), n);
    n += 1;
  }
  return { rows: n, complete, columns: columns.map((c) => c.finish(n)) };
}
