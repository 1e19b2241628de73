import type { StagingStore } from '../staging/store.js';
import type { Alarms } from './alarms.js';
import type { OperationsStore } from './store.js';

/** A file of which so many rows, and so large a part, can't be used has another cause than careless typing. */
const ROWS = 10;
const SHARE = 0.1;
/** Imports that are looked at: the newest of each feed, ended within this. */
const LOOKED_BACK_MS = 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Days (UTC) that a run reached over. */
function daysOf(from: Date, to: Date): string[] {
  const days: string[] = [];
  for (let at = Date.parse(dayOf(from.getTime())); at <= to.getTime(); at += DAY_MS) days.push(dayOf(at));
  return days;
}

/**
 * Raises `rows_unusable` for a feed when many rows of its newest import are in quarantine: also those that only the
 * transform found unusable, after the file was done with. Taken back when they were replayed or discarded, and when the
 * next import is well.
 */
export async function checkUnusable(deps: {
  readonly operations: Pick<OperationsStore, 'newestImports' | 'openAlarms'>;
  readonly staging: Pick<StagingStore, 'countQuarantined'>;
  readonly alarms: Alarms;
  readonly now: () => Date;
}): Promise<void> {
  const now = deps.now();
  const since = new Date(now.getTime() - LOOKED_BACK_MS);
  const open = (await deps.operations.openAlarms()).map((a) => a._id);
  for (const { _id: run, feed, name, startedAt, endedAt, counts } of await deps.operations.newestImports(
    since,
  )) {
    const rows = (counts?.accepted ?? 0) + (counts?.repeated ?? 0);
    const unusable = await deps.staging.countQuarantined(run, feed, daysOf(startedAt, endedAt ?? now));
    const many = unusable >= ROWS && unusable >= rows * SHARE;
    const raised = open.includes(`rows_unusable:${feed}`);
    const detail = `${unusable} of ${rows} rows of ${name} into ${feed} (run ${run}) can't be used`;
    if (many && !raised) await deps.alarms.raise('rows_unusable', feed, detail);
    if (!many && raised) await deps.alarms.resolve('rows_unusable', feed);
  }
}
