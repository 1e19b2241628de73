import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';
import type { Run } from './run.js';

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

    audit: (entry: AuditEntry) => steady(() => audit.insertOne({ ...entry })).then(() => undefined),
    recentAudit: (limit: number) => steady(() => audit.find().sort({ at: -1 }).limit(limit).toArray()),
  };
}
