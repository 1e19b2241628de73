import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';

/** Quarantined records of a run, counted by reason. */
export async function quarantinedByReason(store: Store, run: string): Promise<Record<string, number>> {
  const rows = await steady(() =>
    store.db
      .collection('staging')
      .aggregate<{ _id: string | null; n: number }>([
        { $match: { run, status: 'quarantined' } },
        { $group: { _id: '$reason', n: { $sum: 1 } } },
        { $sort: { n: -1, _id: 1 } },
      ])
      .toArray(),
  );
  return Object.fromEntries(rows.map((r) => [r._id ?? 'unknown', r.n]));
}
