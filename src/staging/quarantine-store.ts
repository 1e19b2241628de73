import { parseReference } from '../complaint/reference.js';
import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';
import { type Decision, QUARANTINE_STATUSES, type StagingRecord, type StagingStatus } from './record.js';

/** A record as people see it: its raw piece stays sealed. */
export type Sealed = Omit<StagingRecord, 'raw'>;

/** Records in flight that are looked through for a reference, newest first, in each lane. */
const IN_FLIGHT = 512;
const NEWEST = { receivedAt: -1, _id: -1 } as const;

/**
 * The index that answers without opening records: a planner that has seen few of them may prefer another, and then
 * read every raw piece. Ids are looked up by themselves.
 */
const STANDING = { status: 1, receivedAt: -1, _id: -1, feed: 1, reason: 1, run: 1 } as const;
const hintFor = (match: object) => ('_id' in match ? {} : { hint: STANDING });

/** The part of the staging store that people work with: what stands in quarantine, and what they decide about it. */
export function quarantineStore(store: Store) {
  const staging = store.collection<StagingRecord>('staging');

  const inFlight = async (reference: string): Promise<StagingRecord | null> => {
    for (const lane of ['live', 'bulk'] as const) {
      const [found] = await steady(() =>
        staging
          .aggregate<StagingRecord>([
            { $match: { status: 'received', lane } },
            { $sort: { parked: -1, receipt: -1 } },
            { $limit: IN_FLIGHT },
            { $match: { reference } },
            { $limit: 1 },
          ])
          .toArray(),
      );
      if (found) return found;
    }
    return null;
  };

  return {
    /**
     * By id, or by the reference as a person typed it. Records that stay in staging have an index for it. An entry for
     * each that passes through would cost every insert a third more: of those the newest are looked through.
     */
    async find(idOrReference: string): Promise<StagingRecord | null> {
      const reference = parseReference(idOrReference);
      if (reference === undefined) return steady(() => staging.findOne({ _id: idOrReference }));
      const stands = { reference, status: { $in: [...QUARANTINE_STATUSES] } };
      return (await steady(() => staging.findOne(stands))) ?? inFlight(reference);
    },

    /** A page of what `match` finds, newest first. */
    findSealed: (match: object, limit: number): Promise<Sealed[]> =>
      steady(() =>
        staging
          .find(match, { projection: { raw: 0 }, ...hintFor(match) })
          .sort(NEWEST)
          .limit(limit)
          .toArray(),
      ),

    /** The same, from the index alone: what a batch is made of. */
    findKeys: (
      match: object,
      limit: number,
    ): Promise<Pick<StagingRecord, '_id' | 'receivedAt' | 'reason'>[]> =>
      steady(() =>
        staging
          .find(match, { projection: { receivedAt: 1, reason: 1 }, ...hintFor(match) })
          .sort(NEWEST)
          .limit(limit)
          .toArray(),
      ),

    sealedByIds: (ids: readonly string[]): Promise<Sealed[]> =>
      steady(() => staging.find({ _id: { $in: [...ids] } }, { projection: { raw: 0 } }).toArray()),

    countBy: (match: object) =>
      steady(() =>
        staging
          .aggregate<{ _id: Pick<StagingRecord, 'status' | 'feed' | 'reason'>; n: number }>(
            [
              { $match: match },
              { $group: { _id: { status: '$status', feed: '$feed', reason: '$reason' }, n: { $sum: 1 } } },
            ],
            hintFor(match),
          )
          .toArray(),
      ),

    /**
     * Writes a person's decision over those of `ids` that still have a status of `over`; returns how many have it now,
     * also where a connection failed after the write. What goes back to the transform keeps everything that says when
     * and where it came, begins its tries anew, and takes the lane that live posts do not wait for. What was poison
     * counts as unfinished, so that it is tried alone.
     */
    async decide(
      ids: readonly string[],
      over: readonly StagingStatus[],
      to: 'received' | 'discarded',
      decision: Decision,
    ): Promise<number> {
      const decided = { $literal: decision };
      const statusAt = decision.at;
      const again = {
        status: 'received',
        statusAt,
        lane: 'bulk',
        attempts: 0,
        unfinished: { $cond: [{ $eq: ['$reason', 'poison'] }, 2, 0] },
        parked: false,
        notBefore: statusAt,
        decided,
      };
      const update =
        to === 'received'
          ? [{ $set: again }, { $unset: ['reason', 'detail'] }]
          : [{ $set: { status: to, statusAt, decided } }];
      const chosen = { _id: { $in: [...ids] } };
      await steady(() => staging.updateMany({ ...chosen, status: { $in: [...over] } }, update));
      return steady(() => staging.countDocuments({ ...chosen, 'decided.operation': decision.operation }));
    },
  };
}
