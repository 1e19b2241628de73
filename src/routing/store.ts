import type { Evidence } from '../sinks/port.js';
import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';
import type { Claim, DeliveryRecord, DestinationRecord } from './delivery.js';

export type RoutingStore = ReturnType<typeof routingStore>;

/** The one file of the routing stage that speaks MongoDB. */
export function routingStore(store: Store) {
  const deliveries = store.collection<DeliveryRecord>('deliveries');
  const destinations = store.collection<DestinationRecord>('destinations');
  const update = (id: string, set: object, unset: readonly string[] = []) =>
    steady(() =>
      deliveries.updateOne(
        { _id: id },
        { $set: set, $unset: Object.fromEntries(['leaseUntil', ...unset].map((k) => [k, ''])) },
      ),
    ).then(() => undefined);

  return {
    /** Keyed: a delivery that is there stays as it is, whatever has become of it. */
    async create(records: readonly DeliveryRecord[]): Promise<void> {
      if (records.length === 0) return;
      await steady(() =>
        deliveries.bulkWrite(
          records.map(({ _id, ...rest }) => ({
            updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
          })),
          { ordered: false },
        ),
      );
    },

    /** Destinations with something to do now, and not told to wait. */
    async dueDestinations(now: Date): Promise<string[]> {
      const due = await steady(() =>
        deliveries
          .aggregate<{ _id: string }>([
            { $match: { state: { $in: ['pending', 'unknown', 'sending'] }, dueAt: { $lte: now } } },
            {
              $match: { $or: [{ state: { $ne: 'sending' } }, { $expr: { $lt: ['$leaseUntil', '$$NOW'] } }] },
            },
            { $group: { _id: '$destination' } },
          ])
          .toArray(),
      );
      const held = await steady(() =>
        destinations
          .find({
            _id: { $in: due.map((d) => d._id) },
            $or: [{ stopped: { $exists: true } }, { notBefore: { $gt: now } }],
          })
          .toArray(),
      );
      const waits = new Set(held.map((h) => h._id));
      return due.map((d) => d._id).filter((id) => !waits.has(id));
    },

    destination: (id: string) => steady(() => destinations.findOne({ _id: id })),

    /**
     * Takes up to `most` due deliveries of a destination under a lease of `leaseMs`, high priority and oldest first.
     * What an earlier attempt may have done comes as `ask`, before anything fresh.
     */
    async claim(destination: string, most: number, leaseMs: number, now: Date): Promise<Claim[]> {
      const claims: Claim[] = [];
      const lease = { leaseUntil: { $add: ['$$NOW', leaseMs] }, attempts: { $add: ['$attempts', 1] } };
      for (const kind of ['ask', 'fresh'] as const) {
        const filter =
          kind === 'ask'
            ? {
                destination,
                dueAt: { $lte: now },
                $or: [
                  { state: 'unknown' as const },
                  { state: 'sending' as const, $expr: { $lt: ['$leaseUntil', '$$NOW'] } },
                ],
              }
            : { destination, dueAt: { $lte: now }, state: 'pending' as const };
        while (claims.length < most) {
          const record = await steady(() =>
            deliveries.findOneAndUpdate(filter, [{ $set: { state: 'sending', ...lease } }], {
              sort: { priority: 1, createdAt: 1 },
              returnDocument: 'after',
            }),
          );
          if (!record) break;
          claims.push({ record: record as DeliveryRecord, kind });
        }
      }
      return claims;
    },

    delivered: (id: string, evidence: Evidence, at: Date) =>
      update(id, { state: 'delivered', evidence, deliveredAt: at }, ['code']),
    /** Surely not done: due again at `dueAt`. */
    again: (id: string, code: string, dueAt: Date) => update(id, { state: 'pending', code, dueAt }),
    unknown: (id: string, code: string, dueAt: Date) => update(id, { state: 'unknown', code, dueAt }),
    dead: (id: string, code: string) => update(id, { state: 'dead', code }),
    /** Given back untried: the attempt does not count. */
    release: (id: string, dueAt: Date) =>
      steady(() =>
        deliveries.updateOne(
          { _id: id, state: 'sending' },
          { $set: { state: 'pending', dueAt }, $inc: { attempts: -1 }, $unset: { leaseUntil: '' } },
        ),
      ).then(() => undefined),

    hold: (destination: string, notBefore: Date) =>
      steady(() => destinations.updateOne({ _id: destination }, { $max: { notBefore } }, { upsert: true })),
    stop: (destination: string, code: string, at: Date) =>
      steady(() =>
        destinations.updateOne({ _id: destination }, { $set: { stopped: { code, at } } }, { upsert: true }),
      ),
    resume: (destination: string) =>
      steady(() => destinations.updateOne({ _id: destination }, { $unset: { stopped: '', notBefore: '' } })),
    stopped: () => steady(() => destinations.find({ stopped: { $exists: true } }).toArray()),

    of: (complaint: string) => steady(() => deliveries.find({ complaint }).limit(100).toArray()),
    /** Every delivery in a state, as a cursor: what a reconcile asks the sinks about. */
    inState: (state: DeliveryRecord['state']) => deliveries.find({ state }).sort({ _id: 1 }),
    countByState: async () =>
      Object.fromEntries(
        (
          await steady(() =>
            deliveries
              .aggregate<{ _id: string; n: number }>([{ $group: { _id: '$state', n: { $sum: 1 } } }])
              .toArray(),
          )
        ).map((r) => [r._id, r.n]),
      ) as Partial<Record<DeliveryRecord['state'], number>>,
  };
}
