import { ALIGNED_VERSION } from '../complaint/aligned.js';
import { runId } from '../complaint/ids.js';
import type { Log } from '../log.js';
import { recount } from '../staging/door.js';
import type { StagingStore } from '../staging/store.js';
import type { Alarms } from './alarms.js';
import type { Run } from './run.js';
import type { OperationsStore } from './store.js';

/** A run that gives no sign of life for this long has lost its process. */
export const SILENT_MS = 30_000;
const ALIVE_EVERY_MS = 5_000;

export type Runs = {
  start(run: Pick<Run, 'kind' | 'name' | 'feed' | 'trigger'>): Promise<Run>;
  end(run: Run, end: Pick<Run, 'status'> & Partial<Pick<Run, 'counts' | 'cause' | 'file'>>): Promise<void>;
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
      };
      await deps.store.putRun(started);
      await deps.store.keepAlive([started._id]);
      open.add(started._id);
      deps.log('info', 'run_started', { run: started._id, kind: run.kind, feed: run.feed });
      return started;
    },
    async end(run, end) {
      await deps.store.endRun(run._id, { ...end, endedAt: deps.now() });
      open.delete(run._id);
      deps.log('info', 'run_ended', { run: run._id, status: end.status, ...end.counts });
    },
    close: () => clearInterval(beat),
  };
}

/**
 * Gives up runs whose process is gone: their open receipts are closed with what is in staging, so that the ledger can
 * add up. Returns how many. Safe to run in several processes at once.
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
  for (const run of silent) {
    const open = await deps.staging.openReceipts(run._id);
    for (const receipt of open) await deps.staging.putReceipt(await recount(deps.staging, receipt));
    await deps.operations.endRun(run._id, { status: 'failed', cause: 'interrupted', endedAt: deps.now() });
    deps.log('warn', 'run_interrupted', {
      run: run._id,
      kind: run.kind,
      feed: run.feed,
      receipts: open.length,
    });
    if (run.kind === 'import')
      await deps.alarms.raise(
        'run_interrupted',
        run.feed,
        `the import ${run.name} into ${run.feed} ended in its middle`,
      );
  }
  return silent.length;
}
