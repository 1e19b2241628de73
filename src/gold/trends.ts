import type { GoldStore } from './store.js';

/** Counts stale hours again from gold, at most `most`, in a range if given. Returns how many are done. */
export async function countStaleHours(
  store: GoldStore,
  most: number,
  from?: Date,
  to?: Date,
): Promise<number> {
  const stale = await store.staleHours(most, from, to);
  for (const hour of stale) {
    const cells = (await store.countHour(hour._id)).map(({ _id, count }) => ({ ..._id, count }));
    await store.putHour(hour._id, hour.changes, cells);
  }
  return stale.length;
}

export type TrendQuery = {
  readonly from: Date;
  readonly to: Date;
  readonly by: 'hour' | 'day';
  /** Dimensions to keep apart; the others are summed. */
  readonly split: readonly ('category' | 'sentiment' | 'source')[];
  /** IANA zone that days begin in. */
  readonly zone: string;
  readonly only?: Partial<Record<'category' | 'sentiment' | 'source', string>> & {
    readonly negative?: boolean;
  };
};

export type TrendPoint = {
  /** Begin of the hour or day. */
  readonly at: string;
  readonly count: number;
  readonly negative: number;
} & Partial<Record<'category' | 'sentiment' | 'source', string>>;

/** Local date of an instant in a zone, `YYYY-MM-DD`. */
function dayIn(zone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (at) => format.format(at);
}

/**
 * Complaints over time by customer's time, from the hourly counts; stale hours of the range are counted first, so the
 * answer is gold's. Days follow `zone`; a zone off by part of an hour is given the day of the hour's begin.
 */
export async function readTrends(store: GoldStore, query: TrendQuery): Promise<TrendPoint[]> {
  // Bounded: under a flood of changes the answer is a moment old rather than never given.
  for (
    let round = 0;
    round < 10 && (await countStaleHours(store, 500, query.from, query.to)) === 500;
    round++
  );
  const dayOf = dayIn(query.zone);
  const points = new Map<string, { point: TrendPoint; count: number; negative: number }>();
  const only = Object.entries(query.only ?? {});
  for await (const hour of store.hours(query.from, query.to)) {
    const at = query.by === 'hour' ? hour._id.toISOString() : dayOf(hour._id);
    for (const cell of hour.cells) {
      if (!only.every(([name, value]) => cell[name as 'category'] === (value as string))) continue;
      const kept = Object.fromEntries(query.split.map((name) => [name, cell[name]]));
      const key = JSON.stringify([at, ...Object.values(kept)]);
      const sum = points.get(key) ?? { point: { at, count: 0, negative: 0, ...kept }, count: 0, negative: 0 };
      sum.count += cell.count;
      sum.negative += cell.negative ? cell.count : 0;
      points.set(key, sum);
    }
  }
  return [...points.values()].map(({ point, count, negative }) => ({ ...point, count, negative }));
}
