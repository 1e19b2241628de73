import type { StagingRecord } from '../../src/staging/record.js';
import type { Store } from '../../src/store/connect.js';

/** A receipt of the bulk load: when it was accepted and when its last record was in gold, ms since 1970. */
export type BulkReceipt = { readonly at: number; readonly doneAt: number; readonly records: number };
/** A live record: the same of it. */
export type LiveRecord = { readonly id: string; readonly at: number; readonly doneAt: number };

/** A moment of the load. */
export type Sample = { readonly at: number; readonly backlog: number; readonly rssMiB: number };

const staging = ({ db }: Pick<Store, 'db'>) => db.collection<StagingRecord>('staging');

/** Records of the bulk lane that wait to be transformed. */
export const backlogOf = (store: Pick<Store, 'db'>): Promise<number> =>
  staging(store).countDocuments({ status: 'received', lane: 'bulk' });

/** Whether any of them waits; cheap whatever their number. */
export const bulkWaits = async (store: Pick<Store, 'db'>): Promise<boolean> =>
  (await staging(store).findOne({ status: 'received', lane: 'bulk' }, { projection: { _id: 1 } })) !== null;

export const bulkReceipts = (store: Pick<Store, 'db'>): Promise<BulkReceipt[]> =>
  staging(store)
    .aggregate<{ at: Date; doneAt: Date; records: number }>([
      { $match: { lane: 'bulk', status: 'transformed' } },
      {
        $group: {
          _id: '$receipt',
          at: { $min: '$receivedAt' },
          doneAt: { $max: '$statusAt' },
          records: { $sum: 1 },
        },
      },
    ])
    .map(({ at, doneAt, records }) => ({ at: at.getTime(), doneAt: doneAt.getTime(), records }))
    .toArray();

export const liveRecords = (store: Pick<Store, 'db'>): Promise<LiveRecord[]> =>
  staging(store)
    .find({ lane: 'live', status: 'transformed' }, { projection: { receivedAt: 1, statusAt: 1 } })
    .map(({ _id, receivedAt, statusAt }) => ({
      id: _id,
      at: receivedAt.getTime(),
      doneAt: statusAt.getTime(),
    }))
    .toArray();

/** The value under which a share of all lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/**
 * Of each live record: bulk receipts that came before it and were still waiting when it was done (it went past them),
 * and those that were finished while it waited. The second is how far bulk goes before live, whatever the machine's speed.
 */
export function order(
  live: readonly LiveRecord[],
  bulk: readonly BulkReceipt[],
): { readonly overtaken: number[]; readonly before: number[] } {
  return {
    overtaken: live.map((l) => bulk.filter((b) => b.at < l.at && b.doneAt > l.doneAt).length),
    before: live.map((l) => bulk.filter((b) => b.doneAt > l.at && b.doneAt < l.doneAt).length),
  };
}

/** Records of bulk done in each whole window of `windowMs` while there was bulk to do, as a rate a second. */
export function bulkRates(bulk: readonly BulkReceipt[], windowMs: number): number[] {
  const from = Math.min(...bulk.map((b) => b.at));
  const to = Math.max(...bulk.map((b) => b.doneAt));
  const windows = Math.floor((to - from) / windowMs);
  const done = new Array<number>(Math.max(0, windows)).fill(0);
  for (const b of bulk) {
    const w = Math.floor((b.doneAt - from) / windowMs);
    if (w < done.length) done[w] = (done[w] as number) + b.records;
  }
  return done.map((n) => (n * 1_000) / windowMs);
}
