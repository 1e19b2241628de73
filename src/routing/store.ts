import { randomUUID } from 'node:crypto';
import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';
import type { Claim, DeliveryRecord, DestinationRecord, Settlement } from './delivery.js';

export type RoutingStore = ReturnType<typeof routingStore>;

/** The one file of the routing stage that speaks MongoDB. */
export function routingStore(store: Store) {
  const deliveries = store.collection<DeliveryRecord>('deliveries');
  const destinations = store.collection<DestinationRecord>('destinations');

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
     * What an earlier attempt may have done comes as `ask`, before anything fresh. Candidates are marked with a token
     * of this claim, so that of two claims at once each gets its own.
     */
    async claim(destination: string, most: number, leaseMs: number, now: Date): Promise<Claim[]> {
      const due = { destination, dueAt: { $lte: now } };
      const overdue = { state: 'sending' as const, $expr: { $lt: ['$leaseUntil', '$$NOW'] } };
      const filters = {
        ask: { ...due, $or: [{ state: 'unknown' as const }, overdue] },
        fresh: { ...due, state: 'pending' as const },
      };
      const claims: Claim[] = [];
      for (const kind of ['ask', 'fresh'] as const) {
        const wanted = most - claims.length;
        const candidates =
          wanted === 0
            ? []
            : await steady(() =>
                deliveries
                  .find(filters[kind], { projection: { _id: 1 } })
                  .sort({ priority: 1, createdAt: 1 })
                  .limit(wanted)
                  .toArray(),
              );
        if (candidates.length === 0) continue;
        const claimed = randomUUID();
        const ids = candidates.map((c) => c._id);
        const lease = { leaseUntil: { $add: ['$$NOW', leaseMs] }, attempts: { $add: ['$attempts', 1] } };
        await steady(() =>
          deliveries.updateMany({ ...filters[kind], _id: { $in: ids } }, [
            { $set: { state: 'sending', claimed, ...lease } },
          ]),
        );
        const records = await steady(() =>
          deliveries
            .find({ _id: { $in: ids }, claimed })
            .sort({ priority: 1, createdAt: 1 })
            .toArray(),
        );
        claims.push(...records.map((record) => ({ record: { ...record, claimed }, kind })));
      }
      return claims;
    },

    /** Writes down what became of claimed deliveries, all in one. */
    async settle(settlements: readonly Settlement[], at: Date): Promise<void> {
      if (settlements.length === 0) return;
      const operations = settlements.map((s) => ({
        updateOne: {
          filter: s.to === 'delivered' ? { _id: s.id } : { _id: s.id, claimed: s.claimed },
          update: updateOf(s, at),
        },
      }));
      await steady(() => deliveries.bulkWrite(operations, { ordered: false }));
    },

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

/** A settled delivery has no lease and no claim; one that was given back untried has not used up an attempt. */
function updateOf(s: Settlement, at: Date): object {
  const free = { leaseUntil: '', claimed: '' };
  switch (s.to) {
    case 'delivered':
      return { $set: { state: s.to, evidence: s.evidence, deliveredAt: at }, $unset: { ...free, code: '' } };
    case 'pending':
      return { $set: { state: s.to, code: s.code, dueAt: s.dueAt }, $unset: free };
    case 'unknown':
      return { $set: { state: s.to, code: s.code, dueAt: s.dueAt }, $unset: free };
    case 'dead':
      return { $set: { state: s.to, code: s.code }, $unset: free };
    case 'untried':
      return { $set: { state: 'pending', dueAt: s.dueAt }, $inc: { attempts: -1 }, $unset: free };
  }
}
