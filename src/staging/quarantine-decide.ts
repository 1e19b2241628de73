import { runId } from '../complaint/ids.js';
import { limit } from '../complaint/limits.js';
import { NOT_REPLAYABLE, type QuarantineReason, replayable } from '../complaint/reasons.js';
import { referenceOf } from '../complaint/reference.js';
import type { OperationsStore } from '../operations/store.js';
import {
  type After,
  countQuarantined,
  DISCARDED,
  matchOf,
  type QuarantineFilter,
  REPLAYED,
} from './quarantine.js';
import type { Decision, StagingStatus } from './record.js';
import type { StagingStore } from './store.js';

/** Records changed in one write: what a crash in the middle leaves is a whole number of these. */
const BATCH = 500;

export type DecideDeps = {
  readonly staging: StagingStore;
  readonly operations: Pick<OperationsStore, 'audit' | 'resolve'>;
  readonly now: () => Date;
  /** API key name, or `cli`. */
  readonly by: string;
};

export type DecideOptions = {
  /** Only says what it would do. */
  readonly dryRun?: boolean;
  /** `next` of the call before. */
  readonly after?: After | undefined;
  /** Records changed at most; then `next` leads on. Default: LIMITS.decideItems. */
  readonly most?: number;
  /** Called after each batch with the number changed so far; false ends it there, with `next`. */
  readonly onBatch?: (changed: number) => boolean;
};

/** `found`: what the filter finds from `after` on. `next`: there is more than one call may change. */
export type Decided = {
  readonly found: number;
  readonly changed: number;
  /** By reason: what is cut can't be replayed. */
  readonly notReplayable: Readonly<Record<string, number>>;
  readonly next?: After;
};

/** Sends what the filter finds through the transform again. Twice is harmless: what is on its way is not found. */
export async function replay(
  filter: QuarantineFilter,
  deps: DecideDeps,
  options: DecideOptions = {},
): Promise<Decided> {
  const all = matchOf(filter, REPLAYED, options.after);
  const { byReason: cut } = await countQuarantined(deps.staging, withReason(all, { $in: NOT_REPLAYABLE }));
  const whole = (after?: After) => withReason(matchOf(filter, REPLAYED, after), { $nin: NOT_REPLAYABLE });
  const work = { match: whole, over: REPLAYED, to: 'received', what: 'replayed' } as const;
  const done = await decideAll(filter, work, deps, options);
  const left = Object.values(cut).reduce((sum, n) => sum + n, 0);
  return { ...done, found: done.found + left, notReplayable: cut };
}

/** Puts what the filter finds aside for good. `why` must be redacted; it stands in the audit and on each record. */
export async function discard(
  filter: QuarantineFilter,
  why: string,
  deps: DecideDeps,
  options: DecideOptions = {},
): Promise<Decided> {
  const match = (after?: After) => matchOf(filter, DISCARDED, after);
  const work = { match, over: DISCARDED, to: 'discarded', what: 'discarded', why } as const;
  return { ...(await decideAll(filter, work, deps, options)), notReplayable: {} };
}

export type Acceptance =
  | { readonly outcome: 'accepted'; readonly id: string; readonly reference: string }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'no_conflict'; readonly status: StagingStatus }
  | { readonly outcome: 'cut'; readonly reason: QuarantineReason };

/**
 * Makes a kept conflict a record of its own under its conflict id. It stays in the receipt that kept it, so the ledger
 * counts it where it came: what was kept is then transformed. Again is harmless.
 */
export async function acceptConflict(id: string, deps: DecideDeps): Promise<Acceptance> {
  const [record] = await deps.staging.sealedByIds([id]);
  if (!record) return { outcome: 'unknown' };
  const accepted = { outcome: 'accepted', id, reference: referenceOf(id) } as const;
  if (record.status !== 'conflict')
    return record.decided?.what === 'accepted' ? accepted : { outcome: 'no_conflict', status: record.status };
  if (record.reason && !replayable(record.reason)) return { outcome: 'cut', reason: record.reason };
  const decision = decisionOf('accepted', deps);
  await deps.operations.audit({
    at: decision.at,
    by: deps.by,
    action: 'conflict_accepted',
    target: id,
    reason: `another version of ${record.conflictsWith}`,
  });
  await deps.staging.decide([id], ['conflict'], 'received', decision);
  return accepted;
}

const decisionOf = (what: Decision['what'], { now, by }: DecideDeps): Decision => {
  const at = now();
  return { what, by, at, operation: runId(at) };
};

const withReason = (match: object, reason: object) => ({ ...match, $and: [{ reason }] });

type Work = {
  readonly match: (after?: After) => object;
  readonly over: readonly StagingStatus[];
  readonly to: 'received' | 'discarded';
  readonly what: 'replayed' | 'discarded';
  readonly why?: string;
};

/**
 * In batches from the newest to the oldest, never back: what fails again while this goes on is not taken twice. The
 * audit is written before the first change.
 */
async function decideAll(
  filter: QuarantineFilter,
  work: Work,
  deps: DecideDeps,
  { dryRun, after, most = limit('decideItems'), onBatch = () => true }: DecideOptions,
): Promise<Omit<Decided, 'notReplayable'>> {
  const { staging, operations } = deps;
  const { total: found } = await countQuarantined(staging, work.match(after));
  if (dryRun || found === 0) return { found, changed: 0 };
  const { why, what } = work;
  const decision: Decision = { ...decisionOf(what, deps), ...(why === undefined ? {} : { why }) };
  await operations.audit({
    at: decision.at,
    by: deps.by,
    action: `quarantine_${what}`,
    target: describeFilter(filter),
    reason: `${why === undefined ? '' : `${why} `}(${found} found, operation ${decision.operation})`,
  });
  let changed = 0;
  let taken = 0;
  let at = after;
  for (;;) {
    const page = await staging.findKeys(work.match(at), Math.min(BATCH, most - taken));
    const last = page.at(-1);
    if (!last) break;
    const ids = page.map((r) => r._id);
    changed += await staging.decide(ids, work.over, work.to, decision);
    for (const r of page.filter((r) => r.reason === 'poison'))
      await operations.resolve(`record_poison:${r._id}`, decision.at);
    at = { at: last.receivedAt, id: last._id };
    taken += page.length;
    if (!onBatch(changed) || taken >= most) {
      const more = (await staging.findKeys(work.match(at), 1)).length > 0;
      return more ? { found, changed, next: at } : { found, changed };
    }
  }
  const [failed] = await staging.findKeys({ status: 'failed' }, 1);
  if (!failed) await operations.resolve('record_failed', decision.at);
  return { found, changed };
}

/** The filter in words, for the audit: ids as far as they fit a line. */
function describeFilter({ ids = [], from, to, ...rest }: QuarantineFilter): string {
  const shown = ids.slice(0, 20).join(' ') + (ids.length > 20 ? ` and ${ids.length - 20} more` : '');
  const words = { ids: shown, ...rest, from: from?.toISOString(), to: to?.toISOString() };
  return Object.entries(words)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
