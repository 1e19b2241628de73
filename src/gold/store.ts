import type { Complaint } from '../complaint/gold.js';
import type { Prediction } from '../complaint/prediction.js';
import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';

/** A prediction as kept for good: one per complaint, weights and text. */
export type StoredPrediction = Prediction & {
  readonly _id: string;
  readonly complaint: string;
  readonly run: string;
  readonly feed: string;
  readonly day: string;
  readonly at: Date;
};

/** One hour of complaints, counted from gold. `changes` rises whenever gold changed; `stale` until it is counted again. */
export type TrendHour = {
  readonly _id: Date;
  readonly changes: number;
  readonly stale: boolean;
  readonly cells: readonly {
    readonly category: string;
    readonly sentiment: string;
    readonly source: string;
    readonly negative: boolean;
    readonly count: number;
  }[];
};

export type GoldStore = ReturnType<typeof goldStore>;

/** The one file of the gold stage that speaks MongoDB. */
export function goldStore(store: Store) {
  const complaints = store.collection<Complaint>('complaints');
  const predictions = store.collection<StoredPrediction>('predictions');
  const trends = store.collection<TrendHour>('trends');

  return {
    /** What earlier runs decided about these ids. */
    earlier: (ids: readonly string[]) =>
      steady(() =>
        complaints
          .find(
            { _id: { $in: [...ids] } },
            { projection: { prediction: 1, routing: 1, effective: 1, occurredAt: 1 } },
          )
          .toArray(),
      ),

    /**
     * Keyed upserts. The routing decision is set once and never again; labels of a person stay. Gives back the
     * decisions that now stand, as another worker may have been first.
     */
    async write(records: readonly Complaint[]): Promise<Map<string, Complaint['routing']>> {
      if (records.length === 0) return new Map();
      await steady(() =>
        complaints.bulkWrite(
          records.map(({ _id, routing, effective, ...fields }) => ({
            updateOne: {
              filter: { _id },
              update: [
                {
                  $set: {
                    ...literal(fields),
                    routing: { $ifNull: ['$routing', { $literal: routing }] },
                    effective: {
                      $cond: [{ $eq: ['$effective.by', 'human'] }, '$effective', { $literal: effective }],
                    },
                  },
                },
              ],
              upsert: true,
            },
          })),
          { ordered: false },
        ),
      );
      const ids = records.map((r) => r._id);
      const standing = await steady(() =>
        complaints.find({ _id: { $in: ids } }, { projection: { routing: 1 } }).toArray(),
      );
      return new Map(standing.map((c) => [c._id, c.routing]));
    },

    async keepPredictions(rows: readonly StoredPrediction[]): Promise<void> {
      if (rows.length === 0) return;
      await steady(() =>
        predictions.bulkWrite(
          rows.map(({ _id, ...row }) => ({
            updateOne: { filter: { _id }, update: { $setOnInsert: row }, upsert: true },
          })),
          { ordered: false },
        ),
      );
    },

    /** Says that these hours must be counted again; before the records are settled, so that no crash forgets it. */
    async markHours(hours: readonly Date[]): Promise<void> {
      if (hours.length === 0) return;
      await steady(() =>
        trends.bulkWrite(
          hours.map((_id) => ({
            updateOne: {
              filter: { _id },
              update: { $inc: { changes: 1 }, $set: { stale: true }, $setOnInsert: { cells: [] } },
              upsert: true,
            },
          })),
          { ordered: false },
        ),
      );
    },

    /** Hours whose count is older than gold, at most `most`, within the range. */
    staleHours: (most: number, from?: Date, to?: Date) =>
      steady(() =>
        trends
          .find({
            stale: true,
            ...(from || to ? { _id: { ...(from && { $gte: from }), ...(to && { $lt: to }) } } : {}),
          })
          .limit(most)
          .toArray(),
      ),

    countHour: (hour: Date) =>
      steady(() =>
        complaints
          .aggregate<{ _id: Omit<TrendHour['cells'][number], 'count'>; count: number }>([
            { $match: { occurredAt: { $gte: hour, $lt: new Date(hour.getTime() + 3_600_000) } } },
            {
              $group: {
                _id: {
                  category: '$effective.category',
                  sentiment: '$effective.sentiment',
                  source: '$source',
                  negative: '$negative',
                },
                count: { $sum: 1 },
              },
            },
          ])
          .toArray(),
      ),

    /** Only if nothing changed since `changes` was read: else the hour stays stale. */
    putHour: (hour: Date, changes: number, cells: TrendHour['cells']) =>
      steady(() => trends.updateOne({ _id: hour, changes }, { $set: { cells, stale: false } })),

    hours: (from: Date, to: Date) => trends.find({ _id: { $gte: from, $lt: to } }).sort({ _id: 1 }),

    get: (id: string) => steady(() => complaints.findOne({ _id: id })),
    byReference: (reference: string) => steady(() => complaints.find({ reference }).limit(5).toArray()),
    byIds: (ids: readonly string[]) => steady(() => complaints.find({ _id: { $in: [...ids] } }).toArray()),
    predictionsOf: (id: string) =>
      steady(() => predictions.find({ complaint: id }).sort({ at: 1 }).limit(50).toArray()),
    find: (filter: object, limit: number) =>
      steady(() => complaints.find(filter).sort({ occurredAt: -1, _id: -1 }).limit(limit).toArray()),
    count: (filter: object, most: number) => steady(() => complaints.countDocuments(filter, { limit: most })),
  };
}

/** Values for an update pipeline, where a bare string that begins with `$` would be read as a field. */
function literal(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, { $literal: value }]),
  );
}
