import type { Store } from '../../store/connect.js';
import { steady } from '../../store/steady.js';
import type { Run } from '../run.js';

/** The ledger's unit. */
export type Key = { readonly run: string; readonly feed: string; readonly day: string };

/** Named counts of one layer, per key; each layer is counted in its own collection and knows nothing of the others. */
export type Layer = { readonly _id: Key } & Readonly<Record<string, number>>;

const UNIT = { run: '$run', feed: '$feed', day: '$day' };
const count = (condition: object) => ({ $sum: { $cond: [condition, 1, 0] } });
const is = (field: string, value: unknown) => ({ $eq: [field, value] });

/** Counting a million documents takes its time. ms. */
const COUNT_MS = 300_000;
const patiently = <T>(operation: () => Promise<T>): Promise<T> => steady(operation, 20_000, COUNT_MS);

export type LedgerStore = ReturnType<typeof ledgerStore>;

/** Counts from independent places; reads only. `match` limits the days looked at. */
export function ledgerStore(store: Store) {
  const group = (collection: string, fields: object, match: object) =>
    patiently(() =>
      store.db
        .collection(collection)
        .aggregate<Layer>([{ $match: match }, { $group: { _id: UNIT, ...fields } }], { allowDiskUse: true })
        .toArray(),
    );
  const sum = (name: string) => ({ $sum: `$counts.${name}` });

  return {
    staging: (match: object) =>
      group(
        'staging',
        {
          all: { $sum: 1 },
          received: count(is('$status', 'received')),
          transformed: count(is('$status', 'transformed')),
          quarantined: count(is('$status', 'quarantined')),
          discarded: count(is('$status', 'discarded')),
          failed: count(is('$status', 'failed')),
          conflict: count(is('$status', 'conflict')),
        },
        match,
      ),
    receipts: (match: object) =>
      group(
        'receipts',
        {
          receipts: { $sum: 1 },
          open: count(is('$state', 'open')),
          recovered: count(is('$recovered', true)),
          firstSeq: { $min: '$seq' },
          lastSeq: { $max: '$seq' },
          read: sum('read'),
          accepted: sum('accepted'),
          repeated: sum('repeated'),
          conflict: sum('conflict'),
          refused: sum('refused'),
          kept: sum('kept'),
        },
        match,
      ),
    gold: (match: object) =>
      group(
        'complaints',
        {
          all: { $sum: 1 },
          deliveries: { $sum: { $size: '$routing.deliveries' } },
          dueWithoutTeam: count({
            $and: [is('$routing.state', 'due'), { $eq: [{ $size: '$routing.deliveries' }, 0] }],
          }),
          due: count(is('$routing.state', 'due')),
          historic: count(is('$routing.state', 'historic')),
          closed_at_source: count(is('$routing.state', 'closed_at_source')),
          not_negative: count(is('$routing.state', 'not_negative')),
          held: count(is('$routing.state', 'held')),
          linked: count(is('$routing.state', 'linked')),
          spam: count(is('$routing.state', 'spam')),
        },
        match,
      ),
    /** Complaints with a prediction, however many models have seen them. */
    predictions: (match: object) =>
      patiently(() =>
        store.db
          .collection('predictions')
          .aggregate<Layer>(
            [
              { $match: match },
              { $group: { _id: { ...UNIT, complaint: '$complaint' } } },
              { $group: { _id: { run: '$_id.run', feed: '$_id.feed', day: '$_id.day' }, all: { $sum: 1 } } },
            ],
            { allowDiskUse: true },
          )
          .toArray(),
      ),
    deliveries: (match: object) =>
      group(
        'deliveries',
        {
          all: { $sum: 1 },
          delivered: count(is('$state', 'delivered')),
          dead: count(is('$state', 'dead')),
          waiting: count({ $in: ['$state', ['pending', 'sending', 'unknown']] }),
          ticketsDelivered: count({ $and: [is('$sink', 'tickets'), is('$state', 'delivered')] }),
          ticketsAll: count(is('$sink', 'tickets')),
          outboxDelivered: count({ $and: [is('$sink', 'outbox'), is('$state', 'delivered')] }),
          outboxAll: count(is('$sink', 'outbox')),
          slackDelivered: count({ $and: [is('$sink', 'slack'), is('$state', 'delivered')] }),
        },
        match,
      ),
    tickets: (match: object) => group('tickets', { all: { $sum: 1 } }, match),
    outbox: (match: object) => group('outbox', { all: { $sum: 1 } }, { ...match, run: { $exists: true } }),

    runs: (since?: Date) =>
      patiently(() =>
        store
          .collection<Run>('runs')
          .find(since ? { startedAt: { $gte: since } } : {})
          .toArray(),
      ),

    /** Complaints in gold, and in the hours of trends that are not waiting to be counted again. */
    async trends(): Promise<{ gold: number; trends: number; stale: number }> {
      const hours = store.db.collection('trends');
      const stale = await patiently(() => hours.countDocuments({ stale: true }));
      const [total] = await patiently(() =>
        hours
          .aggregate<{ n: number }>([{ $group: { _id: null, n: { $sum: { $sum: '$cells.count' } } } }])
          .toArray(),
      );
      const gold = await patiently(() => store.db.collection('complaints').countDocuments());
      return { gold, trends: total?.n ?? 0, stale };
    },

    /** Up to `most` ids that are in `from` but have no partner in `to`; where the counts of a key disagree. */
    missing: (from: string, to: string, key: Key, localField: string, foreignField: string, most: number) =>
      patiently(() =>
        store.db
          .collection(from)
          .aggregate<{ _id: string }>([
            { $match: { ...key, ...(from === 'staging' ? { status: 'transformed' } : {}) } },
            {
              $lookup: {
                from: to,
                localField,
                foreignField,
                as: 'partner',
                pipeline: [{ $limit: 1 }, { $project: { _id: 1 } }],
              },
            },
            { $match: { partner: { $size: 0 } } },
            { $limit: most },
            { $project: { _id: { $toString: `$${localField}` } } },
          ])
          .toArray(),
      ),
  };
}
