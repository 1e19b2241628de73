import { MongoBulkWriteError } from 'mongodb';
import type { QuarantineReason } from '../complaint/reasons.js';
import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';
import { quarantineStore } from './quarantine-store.js';
import type { ClosedReceipt, Lane, Receipt, StagingRecord } from './record.js';

const DUPLICATE = 11000;

/** What is already there under an id. */
export type Existing = Pick<StagingRecord, '_id' | 'contentHash' | 'receipt'>;

/** How a record leaves the transform; `failed` and `retry` carry a machine word, never text. */
export type StatusChange =
  | { readonly id: string; readonly to: 'transformed' }
  | {
      readonly id: string;
      readonly to: 'quarantined';
      readonly reason: QuarantineReason;
      readonly detail: string;
    }
  | { readonly id: string; readonly to: 'failed'; readonly detail: string }
  | { readonly id: string; readonly to: 'retry'; readonly detail: string; readonly notBefore: Date };

export type StagingStore = ReturnType<typeof stagingStore>;

/** What the staging stage asks of MongoDB; the questions of people about quarantine are in quarantine-store.ts. */
export function stagingStore(store: Store) {
  const staging = store.collection<StagingRecord>('staging');
  const receipts = store.collection<Receipt>('receipts');

  return {
    /**
     * Idempotent, and never over a receipt that is there: a first try given up as too slow may arrive after its
     * second has closed the receipt. Opening need not wait for the disk on a single server: its journal keeps the
     * order of writes, so the records that follow are never durable without it (a lost connection runs both again).
     */
    async openReceipt({ _id, ...receipt }: Receipt): Promise<void> {
      const quick = store.topology === 'standalone' ? { writeConcern: { w: 1, journal: false } } : {};
      await receipts.updateOne({ _id }, { $setOnInsert: receipt }, { upsert: true, ...quick });
    },

    /** Idempotent: a receipt is closed by writing it whole. */
    closeReceipt: (receipt: ClosedReceipt) =>
      receipts.replaceOne({ _id: receipt._id }, receipt, { upsert: true }).then(() => undefined),

    countQuarantined: (run: string, feed: string, days: readonly string[]) =>
      staging.countDocuments({ run, feed, day: { $in: [...days] }, status: 'quarantined' }),

    openReceipts: (run: string) => receipts.find({ run, state: 'open' }).toArray(),

    nextSeq: async (run: string) =>
      ((
        await receipts
          .find({ run }, { projection: { seq: 1 } })
          .sort({ seq: -1 })
          .limit(1)
          .next()
      )?.seq ?? -1) + 1,

    receiptsOf: (run: string) => receipts.find({ run }).sort({ seq: 1 }),

    /** Unordered; the ids that were there already are given back, every other write error is thrown. */
    async insert(records: readonly StagingRecord[]): Promise<Set<string>> {
      if (records.length === 0) return new Set();
      try {
        await staging.insertMany([...records], { ordered: false });
        return new Set();
      } catch (error) {
        const errors =
          error instanceof MongoBulkWriteError || (error as Error).name === 'MongoBulkWriteError'
            ? [(error as MongoBulkWriteError).writeErrors].flat()
            : [];
        if (errors.length === 0 || errors.some((e) => e.code !== DUPLICATE)) throw error;
        return new Set(errors.map((e) => (records[e.index] as StagingRecord)._id));
      }
    },

    existing: (ids: readonly string[]): Promise<Existing[]> =>
      staging.find({ _id: { $in: [...ids] } }, { projection: { contentHash: 1, receipt: 1 } }).toArray(),

    /** How many records a receipt left in staging: its counts, found anew after a crash. */
    async countReceipt(receipt: string): Promise<{ accepted: number; kept: number }> {
      // By what it came as, not by its status: a person may have accepted or discarded it by now.
      const kept = await steady(() => staging.countDocuments({ receipt, conflictsWith: { $exists: true } }));
      // By id, as the index holds the status: a scan may meet a record again that was transformed while it ran. And in
      // this order, as one that leaves `received` before it is met has come to the others by then, and one that is
      // replayed has come back.
      const all = new Set<string>();
      for (const status of ['received', { $ne: 'received' }, 'received'] as const) {
        const found = await steady(() =>
          staging.find({ receipt, status }, { projection: { _id: 1 } }).toArray(),
        );
        for (const { _id } of found) all.add(_id);
      }
      return { accepted: all.size - kept, kept };
    },

    get: (id: string) => steady(() => staging.findOne({ _id: id })),

    conflictsOf: (id: string) =>
      steady(() =>
        staging
          .find({ conflictsWith: id }, { projection: { raw: 0 } })
          .limit(20)
          .toArray(),
      ),

    /**
     * Receipts with records to transform, oldest first: what the queue of a lane is fed from. Those that wait for
     * another try are looked up apart, so that they never stand in the way of fresh ones.
     */
    async waitingReceipts(lane: Lane, now: Date, window: number): Promise<string[]> {
      const fresh = await steady(() =>
        staging
          .aggregate<{ _id: string }>([
            { $match: { status: 'received', lane, parked: false } },
            { $group: { _id: '$receipt' } }, // a skip scan of the index: one key a receipt
            { $sort: { _id: 1 } },
            { $limit: window },
          ])
          .toArray(),
      );
      const again = await steady(() =>
        staging
          .find(
            { parked: true, lane, status: 'received', notBefore: { $lte: now } },
            { projection: { receipt: 1 } },
          )
          .sort({ notBefore: 1 })
          .limit(window)
          .toArray(),
      );
      return [...new Set([...again.map((r) => r.receipt), ...fresh.map((r) => r._id)])];
    },

    /** The records of a receipt that are due. */
    waiting: (receipt: string, now: Date) =>
      steady(() => staging.find({ receipt, status: 'received', notBefore: { $lte: now } }).toArray()),

    /** Before the work (law 7). */
    countAttempt: (ids: readonly string[]) =>
      steady(() =>
        staging.updateMany({ _id: { $in: [...ids] } }, { $inc: { attempts: 1, unfinished: 1 } }),
      ).then(() => undefined),

    /** The commit mark of the transform: written last, and only over `received`. */
    async settle(changes: readonly StatusChange[], now: Date): Promise<void> {
      if (changes.length === 0) return;
      const done = changes.filter((c) => c.to === 'transformed').map((c) => c.id);
      const others = changes.filter((c) => c.to !== 'transformed');
      const operations = [
        ...(done.length > 0
          ? [
              {
                updateMany: {
                  filter: { _id: { $in: done }, status: 'received' as const },
                  update: { $set: { status: 'transformed' as const, statusAt: now } },
                },
              },
            ]
          : []),
        ...others.map((c) => ({
          updateOne: {
            filter: { _id: c.id, status: 'received' as const },
            update: { $set: changeOf(c, now) },
          },
        })),
      ];
      await steady(() => staging.bulkWrite(operations, { ordered: false }));
    },

    waitingCount: () => steady(() => staging.countDocuments({ status: 'received' })),

    ...quarantineStore(store),
  };
}

function changeOf(change: StatusChange, now: Date): Partial<StagingRecord> {
  switch (change.to) {
    case 'retry':
      return { notBefore: change.notBefore, detail: change.detail, unfinished: 0, parked: true };
    case 'quarantined':
      return { status: 'quarantined', statusAt: now, reason: change.reason, detail: change.detail };
    case 'failed':
      return { status: 'failed', statusAt: now, detail: change.detail };
    case 'transformed':
      return { status: 'transformed', statusAt: now };
  }
}
