import { ALIGNED_VERSION } from '../complaint/aligned.js';
import { runId } from '../complaint/ids.js';
import type { Log } from '../log.js';
import { recount } from '../staging/door.js';
import type { ClosedReceipt, Receipt } from '../staging/record.js';
import type { StagingStore } from '../staging/store.js';
import type { Alarms } from './alarms.js';
import { lifeOf, thisProcess } from './owner.js';
import type { Run } from './run.js';
import type { OperationsStore } from './store.js';

/** A run that gives no sign of life for this long has lost its process. */
export const SILENT_MS = 30_000;
const ALIVE_EVERY_MS = 5_000;
/** Cause of a run whose process went away. */
const INTERRUPTED = 'interrupted';

export type Runs = {
  /** `_id` where the run's id had to be known before it began. */
  start(
    run: Pick<Run, 'kind' | 'name' | 'feed' | 'trigger'> & Partial<Pick<Run, '_id' | 'input'>>,
  ): Promise<Run>;
  /** Whether that run can be gone on with, and if not, why. `ended`: there is nothing to go on with. */
  standing(run: Run): Promise<'resumable' | 'under_way' | 'ended'>;
  /** Makes a resumable run this process's own; undefined: another process was quicker. */
  resume(run: Run, set?: Partial<Pick<Run, 'trigger' | 'resumed'>>): Promise<Run | undefined>;
  /** Whatever happens, this process counts as done with the run: it may be taken up again. */
  end(
    run: Run,
    end: Pick<Run, 'status'> & Partial<Pick<Run, 'counts' | 'cause' | 'file' | 'resumable' | 'drift'>>,
  ): Promise<void>;
  /** Stops the heartbeat of what is still open here; the runs themselves are then found silent. */
  close(): void;
};

/** Keeps the record of every execution of this process, and its heartbeat. */
export function createRuns(deps: {
  readonly store: OperationsStore;
  readonly software: string;
  readonly now: () => Date;
  readonly log: Log;
}): Runs {
  const open = new Set<string>();
  const beat = setInterval(() => {
    if (open.size > 0) deps.store.keepAlive([...open]).catch(() => {}); // silent until the store is back
  }, ALIVE_EVERY_MS);
  beat.unref();
  return {
    async start(run) {
      const now = deps.now();
      const versions = { software: deps.software, aligned: ALIGNED_VERSION };
      const started: Run = {
        _id: runId(now),
        ...run,
        startedAt: now,
        aliveAt: now,
        status: 'running',
        versions,
        owner: thisProcess(),
      };
      await deps.store.putRun(started);
      await deps.store.keepAlive([started._id]);
      open.add(started._id);
      deps.log('info', 'run_started', { run: started._id, kind: run.kind, feed: run.feed });
      return started;
    },
    async standing(run) {
      if (run.status === 'failed') return run.resumable || run.cause === INTERRUPTED ? 'resumable' : 'ended';
      if (run.status !== 'running') return 'ended';
      const life = lifeOf(run.owner);
      if (life === 'gone' || (life === 'here' && !open.has(run._id))) return 'resumable';
      if (life !== 'unknown') return 'under_way';
      return (await deps.store.isSilent(run._id, SILENT_MS)) ? 'resumable' : 'under_way';
    },
    async resume(run, set = {}) {
      const versions = { software: deps.software, aligned: ALIGNED_VERSION };
      const taken = await deps.store.claimRun(
        run,
        { ...set, status: 'running', owner: thisProcess(), versions },
        ['endedAt', 'cause', 'counts', 'resumable', 'file', 'drift'],
      );
      if (!taken) return undefined;
      open.add(taken._id);
      deps.log('info', 'run_resumed', { run: taken._id, kind: taken.kind, feed: taken.feed });
      return taken;
    },
    async end(run, end) {
      open.delete(run._id);
      await deps.store.endRun(run._id, { ...end, endedAt: deps.now() });
      deps.log('info', 'run_ended', { run: run._id, status: end.status, ...end.counts });
    },
    close: () => clearInterval(beat),
  };
}

/** Closes what a lost process left open, by what is in staging. Returns the receipts that it closed. */
export async function closeReceipts(staging: StagingStore, run: string): Promise<Receipt[]> {
  const closed: ClosedReceipt[] = [];
  for (const receipt of await staging.openReceipts(run)) closed.push(await recount(staging, receipt));
  for (const receipt of closed) await staging.closeReceipt(receipt);
  return closed;
}

/**
 * Gives up runs whose process is gone: their open receipts are closed with what is in staging, so that the ledger can
 * add up. Those of drop folders are left alone: the drop folder goes on with them. Returns how many. Safe to run in
 * several processes at once, and beside somebody who resumes one of them.
 */
export async function recoverRuns(deps: {
  readonly operations: OperationsStore;
  readonly staging: StagingStore;
  readonly alarms: Alarms;
  readonly now: () => Date;
  readonly log: Log;
  readonly silentMs?: number;
}): Promise<number> {
  const silent = await deps.operations.silentRuns(deps.silentMs ?? SILENT_MS);
  const given = await Promise.all(silent.filter((r) => !r.input?.inbox).map((run) => giveUp(run, deps)));
  return given.filter((done) => done).length;
}

/** See `recoverRuns`; false if somebody else has the run meanwhile. */
export async function giveUp(run: Run, deps: Parameters<typeof recoverRuns>[0]): Promise<boolean> {
  const life = lifeOf(run.owner);
  // Stopped for a while (Ctrl+Z, a machine that slept), it goes on where it was: nothing is made good behind its back.
  if (life === 'alive') return false;
  const mine = await deps.operations.claimRun(run, {});
  if (!mine) return false;
  const receipts = await closeReceipts(deps.staging, run._id);
  await deps.operations.endRun(run._id, { status: 'failed', cause: INTERRUPTED, endedAt: deps.now() });
  const { kind, feed, name } = run;
  deps.log('warn', 'run_interrupted', { run: run._id, kind, feed, receipts: receipts.length });
  if (kind === 'import')
    await deps.alarms.raise('run_interrupted', feed, `the import ${name} into ${feed} ended in its middle`);
  return true;
}
