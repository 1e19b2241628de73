import type { QuarantineReason } from '../complaint/reasons.js';
import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';

/** Rows of a file that were put in quarantine as they came in, of one reason. */
export type UnusableRows = {
  readonly reason: QuarantineReason;
  readonly count: number;
  /** Their numbers, lowest first, 100 at most. */
  readonly rows: readonly number[];
};

const SHOWN = 100;

/** What went into quarantine at the door in this run; what the transform put there later has attempts. */
export async function unusableRows(store: Pick<Store, 'db'>, run: string): Promise<UnusableRows[]> {
  const found = await steady(() =>
    store.db
      .collection('staging')
      .aggregate<{ _id: QuarantineReason; count: number; rows: number[] }>([
        { $match: { run, status: 'quarantined', attempts: 0 } },
        {
          $group: {
            _id: '$reason',
            count: { $sum: 1 },
            rows: { $minN: { input: '$position.index', n: SHOWN } },
          },
        },
        { $sort: { count: -1, _id: 1 } },
      ])
      .toArray(),
  );
  return found.map(({ _id, count, rows }) => ({ reason: _id, count, rows }));
}
