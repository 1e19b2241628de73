import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';
import { lifeOf } from './owner.js';
import type { Owner, Run } from './run.js';
import type { Working } from './working.js';

/** Who may do a job that only one process may do at a time. */
type Lease = { readonly _id: string; readonly holder: string; readonly owner: Owner; readonly until: Date };
const DUPLICATE = 11000;

/** One cause of trouble, however often it is seen. */
export type Alarm = {
  /** The cause, e.g. `destination_stopped:slack:#billing`. */
  readonly _id: string;
  readonly severity: 'warning' | 'critical';
  readonly state: 'open' | 'resolved';
  /** What happened, without personal data. */
  readonly detail: string;
  /** What to do about it. */
  readonly fix: string;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly resolvedAt?: Date;
};

export type AuditEntry = {
  readonly at: Date;
  /** API key name, `cli` or `redress`. */
  readonly by: string;
  readonly action: string;
  readonly target: string;
  readonly reason?: string;
};

export type OperationsStore = ReturnType<typeof operationsStore>;

/** The one file of operations that speaks MongoDB: runs, alarms, audit. */
export function operationsStore(store: Store) {
  const runs = store.collection<Run>('runs');
  const alarms = store.collection<Alarm>('alarms');
  const audit = store.collection<AuditEntry>('audit');
  const leases = store.collection<Lease>('meta');
  const workers = store.collection<Working>('meta');

  return {
    putRun: (run: Run) =>
      steady(() => runs.replaceOne({ _id: run._id }, run, { upsert: true })).then(() => undefined),
    run: (id: string) => steady(() => runs.findOne({ _id: id })),
    recentRuns: (limit: number) => steady(() => runs.find().sort({ startedAt: -1 }).limit(limit).toArray()),
    endRun: (id: string, end: Partial<Omit<Run, '_id'>>) =>
      // A run that was given up and went on after all: its cause is what this end says, or none.
      steady(() =>
        runs.updateOne(
          { _id: id },
          { $set: end, ...(end.cause === undefined ? { $unset: { cause: '' } } : {}) },
        ),
      ).then(() => undefined),
    /** Says that the runs' process lives, by the database's clock. */
    keepAlive: (ids: readonly string[]) =>
      steady(() => runs.updateMany({ _id: { $in: [...ids] } }, { $currentDate: { aliveAt: true } })).then(
        () => undefined,
      ),
    /** Runs whose process was not heard of for `silentMs`. */
    silentRuns: (silentMs: number) =>
      steady(() =>
        runs
          .find({ status: 'running', $expr: { $lt: ['$aliveAt', { $subtract: ['$$NOW', silentMs] }] } })
          .toArray(),
      ),

    /** Whether the run's process was not heard of for `silentMs`, by the database's clock. */
    isSilent: async (id: string, silentMs: number) =>
      (await steady(() =>
        runs.findOne({ _id: id, $expr: { $lt: ['$aliveAt', { $subtract: ['$$NOW', silentMs] }] } }),
      )) !== null,
    /** The imports of a file's content into a feed, newest first. */
    importsOf: (feed: string, sha256: string) =>
      steady(() =>
        runs
          .find({ 'input.sha256': sha256, feed, kind: 'import' })
          .sort({ startedAt: -1 })
          .limit(20)
          .toArray(),
      ),
    /** Of each feed the import that ended last, if since then. */
    newestImports: (since: Date) =>
      steady(() =>
        runs
          .aggregate<Run>([
            { $match: { kind: 'import', endedAt: { $gte: since } } },
            { $sort: { endedAt: -1 } },
            { $group: { _id: '$feed', run: { $first: '$$ROOT' } } },
            { $replaceRoot: { newRoot: '$run' } },
          ])
          .toArray(),
      ),
    /** Runs of drop folders that are under way, or seem to be. */
    openInboxRuns: () => steady(() => runs.find({ status: 'running', 'input.inbox': true }).toArray()),
    /**
     * Makes a run one's own that nobody gave a sign of life for since it was `seen`: of two processes that want it, one
     * gets it. Null: the other one has it.
     */
    claimRun: (seen: Run, set: Partial<Omit<Run, '_id'>>, unset: readonly (keyof Run)[] = []) =>
      runs.findOneAndUpdate(
        { _id: seen._id, status: seen.status, aliveAt: seen.aliveAt },
        {
          ...(Object.keys(set).length > 0 ? { $set: set } : {}),
          ...(unset.length > 0 ? { $unset: Object.fromEntries(unset.map((key) => [key, true])) } : {}),
          $currentDate: { aliveAt: true },
        },
        { returnDocument: 'after' },
      ),

    /** Takes or renews a lease; a holder whose process is gone from this machine loses it at once. */
    async lease(job: string, holder: string, owner: Owner, ms: number): Promise<boolean> {
      const _id = `lease:${job}`;
      const before = await steady(() => leases.findOne({ _id }));
      const gone = before && lifeOf(before.owner) === 'gone' ? [before.holder] : [];
      const free = [{ holder: { $in: [holder, ...gone] } }, { $expr: { $lt: ['$until', '$$NOW'] } }];
      const ours = [{ $set: { holder, owner: { $literal: owner }, until: { $add: ['$$NOW', ms] } } }];
      if (before) return (await leases.updateOne({ _id, $or: free }, ours)).matchedCount > 0;
      try {
        await leases.updateOne({ _id, holder }, ours, { upsert: true });
        return true;
      } catch (error) {
        if ((error as { code?: number }).code === DUPLICATE) return false; // another one was quicker
        throw error;
      }
    },
    giveLease: (job: string, holder: string) =>
      leases.deleteOne({ _id: `lease:${job}`, holder }).then(() => undefined),

    putWorking: ({ _id, ...working }: Omit<Working, 'aliveAt'>) =>
      workers
        .updateOne({ _id }, { $set: working, $currentDate: { aliveAt: true } }, { upsert: true })
        .then(() => undefined),
    endWorking: (_id: string) => workers.deleteOne({ _id }).then(() => undefined),
    /** Those that were heard of within `silentMs` and are not gone from this machine. */
    working: async (silentMs: number): Promise<Working[]> =>
      (
        await steady(() =>
          workers
            .find({ _id: /^works:/, $expr: { $gte: ['$aliveAt', { $subtract: ['$$NOW', silentMs] }] } })
            .toArray(),
        )
      ).filter(({ owner }) => lifeOf(owner) !== 'gone'),

    /** True if this cause was not open before: the time to tell somebody. */
    async raise(alarm: Pick<Alarm, '_id' | 'severity' | 'detail' | 'fix'>, at: Date): Promise<boolean> {
      const { _id, ...rest } = alarm;
      const before = await steady(() =>
        alarms.findOneAndUpdate(
          { _id },
          [
            {
              $set: {
                ...Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, { $literal: v }])),
                firstAt: { $cond: [{ $eq: ['$state', 'open'] }, '$firstAt', at] },
                count: { $cond: [{ $eq: ['$state', 'open'] }, { $add: ['$count', 1] }, 1] },
                lastAt: at,
                state: 'open',
              },
            },
          ],
          { upsert: true, returnDocument: 'before' },
        ),
      );
      return before?.state !== 'open';
    },
    /** True if it was open. */
    resolve: async (id: string, at: Date) =>
      (
        await steady(() =>
          alarms.updateOne({ _id: id, state: 'open' }, { $set: { state: 'resolved', resolvedAt: at } }),
        )
      ).modifiedCount > 0,
    openAlarms: () => steady(() => alarms.find({ state: 'open' }).sort({ lastAt: -1 }).limit(200).toArray()),

    recentAudit: (limit: number) => steady(() => audit.find().sort({ at: -1 }).limit(limit).toArray()),
    audit: (entry: AuditEntry) => steady(() => audit.insertOne({ ...entry })).then(() => undefined),
  };
}
