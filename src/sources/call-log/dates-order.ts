import type { Reading } from './dates-candidates.js';

/** Rows that speak against a format which fits them all: see `createOrder`. */
export type OrderDoubt = {
  readonly format: string;
  readonly other: string;
  /** Rows that only `format` fits. */
  readonly alone: number;
  /** Rows that `other` fits too, with another day; `outside` of them lie in months in which no `alone` row lies. */
  readonly shared: number;
  readonly outside: number;
};

/** Fewer rows of either kind prove nothing. */
const LEAST_ROWS = 20;
/** Share of the shared rows outside the months of the others: as `format` at least, as `other` at most. */
const OUTSIDE = 0.5;
const OUTSIDE_OTHER = 0.05;

type Months = Map<number, number>;
type Pair = { rows: number; readonly here: Months; readonly there: Months };

const monthOf = (at: number): number => {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};
const count = (months: Months, at: number): void => {
  const month = monthOf(at);
  months.set(month, (months.get(month) ?? 0) + 1);
};
const total = (months: Months): number => [...months.values()].reduce((a, b) => a + b, 0);
const outside = (months: Months, of: Months): number =>
  [...months].reduce((sum, [month, n]) => (of.has(month) ? sum : sum + n), 0);

/**
 * Keeps how readings of the same rows differ, by months. A spreadsheet of a day-first country that opens a month-first
 * export turns round what it can't take for a date and leaves the rest: then one format fits every row and is wrong
 * for a third of them. That shows: the rows that decide the format lie in some months, the others all over the year,
 * unless they are read the other way.
 */
export function createOrder() {
  const pairs = new Map<string, Pair>();
  const single = new Map<string, Months>();

  const pairOf = (a: string, b: string): Pair => {
    const key = `${a}\n${b}`;
    const pair = pairs.get(key) ?? { rows: 0, here: new Map(), there: new Map() };
    pairs.set(key, pair);
    return pair;
  };

  return {
    add(readings: readonly Reading[]): void {
      const [first] = readings;
      if (first && readings.length === 1) {
        const months = single.get(first.format) ?? new Map();
        single.set(first.format, months);
        count(months, first.at);
      }
      for (const a of readings)
        for (const b of readings) {
          if (a.at === b.at) continue;
          const pair = pairOf(a.format, b.format);
          pair.rows += 1;
          count(pair.here, a.at);
          count(pair.there, b.at);
        }
    },

    /** Rows that two formats read as different instants. */
    differing: (a: string, b: string): number => pairs.get(`${a}\n${b}`)?.rows ?? 0,

    /** What speaks for the rows of `format` being of two orders, if anything does. */
    doubt(format: string): OrderDoubt | undefined {
      const alone = single.get(format) ?? new Map();
      if (total(alone) < LEAST_ROWS) return undefined;
      for (const [key, { rows, here, there }] of pairs) {
        const [a, other = ''] = key.split('\n');
        if (a !== format || rows < LEAST_ROWS) continue;
        const away = outside(here, alone);
        if (away >= rows * OUTSIDE && outside(there, alone) <= rows * OUTSIDE_OTHER)
          return { format, other, alone: total(alone), shared: rows, outside: away };
      }
      return undefined;
    },
  };
}
