import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRedressError } from '../../complaint/errors.js';
import { runId } from '../../complaint/ids.js';
import type { Feed } from '../../config/feeds.js';
import type { Core } from '../../core.js';
import type { Alarms } from '../../operations/alarms.js';
import { giveUp, type Runs } from '../../operations/runs.js';
import type { Queues } from '../../queue/queues.js';
import { type ImportResult, importFile } from '../import.js';
import { unusableRows } from '../store.js';
import type { FileError } from './file-errors.js';
import { type Claim, type Folders, giveBack, reclaim, settle } from './inbox.js';
import { shownName } from './inbox-names.js';
import { type Outcome, outcomeOf, refusal } from './inbox-outcome.js';
import { isWhole } from './ready-whole.js';
import type { Report } from './report.js';

export type InboxDeps = {
  readonly core: Pick<
    Core,
    'feeds' | 'staging' | 'operations' | 'store' | 'cipher' | 'now' | 'log' | 'software' | 'config'
  >;
  readonly runs: Runs;
  readonly queues: Queues;
  readonly alarms: Alarms;
  /** Asks everything to end between two batches. */
  readonly signal: AbortSignal;
};

const CHANGED: FileError = 'changed_while_read';

/** What is known of a file beyond its name, from the look that found it whole. */
export type Known = { readonly size: number; readonly mtimeMs: number };

export type Taken =
  /** It is in one of the end folders. */
  | { readonly kind: 'settled'; readonly outcome: Outcome; readonly name: string }
  /** It changed while it was read, and is in `inbox/` again. */
  | { readonly kind: 'changed'; readonly name: string }
  /** It stays in `processing/`: another process has it, or its run ended for a reason that is not its own. */
  | { readonly kind: 'later'; readonly cause: string };

/** Works on a claimed file from wherever it is: just claimed, in the middle, or ended and not moved yet. */
export async function work(
  feed: string,
  folders: Folders,
  claimed: Claim,
  deps: InboxDeps,
  known?: Known,
): Promise<Taken> {
  const { core, runs, signal } = deps;
  let of: Pick<Report, 'fileBytes' | 'fileModified'> = {};
  const about = () => ({
    file: claimed.name ?? '',
    feed,
    software: core.software,
    endedAt: core.now(),
    ...of,
  });
  if (claimed.name === undefined) {
    // Moved already; only what belongs to it has not followed.
    const name = await settle(folders, claimed, 'done', {
      ...about(),
      outcome: 'done',
      whatToDo: 'Nothing.',
    });
    return { kind: 'later', cause: name === '' ? 'empty' : 'moved' };
  }
  const path = join(claimed.folder, claimed.name);
  const before = await stat(path);
  of = { fileBytes: before.size, fileModified: before.mtime };
  const run = await core.operations.run(claimed.id);
  const standing = run && (await runs.standing(run));
  if (run && standing === 'under_way') return { kind: 'later', cause: 'under_way' };
  if (run && standing === 'ended') return end(outcomeOf(run, about(), await foundOf(run, core)));

  const claim = { ...claimed, name: claimed.name };
  const complete = core.feeds.get(feed)?.complete;
  if ((known && (await hasChanged(path, known))) || !(await isAsStated(claim, complete)))
    return { kind: 'changed', name: await giveBack(folders, claim) };
  let result: ImportResult;
  try {
    const about = {
      core,
      runs,
      queues: deps.queues,
      feed,
      path,
      claim: claim.id,
      trigger: 'schedule',
      signal,
    } as const;
    result = await importFile(about);
  } catch (error) {
    if (!isRedressError(error)) throw error;
    if (isPassing(error)) return { kind: 'later', cause: error.code };
    if (error.code === 'file_incomplete' || error.code === CHANGED)
      return { kind: 'changed', name: await giveBack(folders, claim) };
    if (error.code === 'import_under_way') return { kind: 'later', cause: 'under_way' };
    if (error.code === 'claim_outdated') return again(run);
    const ended = await core.operations.run(claim.id);
    if (ended?.status === 'failed') return end(outcomeOf(ended, about(), { quarantined: [], error }));
    return end(refusal(about(), error));
  }
  if (result.resumable) return { kind: 'later', cause: result.cause ?? '' };
  if (result.cause === CHANGED || (await hasChanged(path, before)))
    return { kind: 'changed', name: await giveBack(folders, claim) };
  const ended = await core.operations.run(result.run);
  if (!ended) throw new Error(`run ${result.run} vanished`);
  return end(outcomeOf(ended, about(), { ...(await foundOf(ended, core)), ...result }));

  async function end(outcome: Outcome): Promise<Taken> {
    const name = await settle(folders, claimed, outcome.end, outcome.report);
    const { cause } = outcome.report;
    core.log('info', 'inbox_file', { feed, run: claimed.id, what: outcome.end, ...(cause ? { cause } : {}) });
    if (outcome.failed) await tell(name, outcome);
    return { kind: 'settled', outcome, name };
  }

  async function tell(name: string, { end: station, report }: Outcome): Promise<void> {
    const target = `${feed}/${station}/${shownName(name)}`;
    await core.operations.audit({
      at: core.now(),
      by: 'redress',
      action: 'file_rejected',
      target,
      reason: report.cause ?? 'unknown',
    });
    await deps.alarms.raise('file_rejected', feed, `${target}: ${report.cause ?? 'unknown'}`);
  }

  /** Under a new run: the old one was of another content or other settings, and is closed. */
  async function again(old: typeof run): Promise<Taken> {
    if (old?.status === 'running') await giveUp(old, { ...core, alarms: deps.alarms });
    return work(feed, folders, await reclaim(folders, claim, runId(core.now())), deps);
  }
}

/** The checksum beside it is of what lies there now: the look that found it whole was before the claim. */
async function isAsStated({ folder, name }: { folder: string; name: string }, complete: Feed['complete']) {
  if (complete?.kind !== 'checksum') return true;
  const trailerOf = () => Promise.reject(new Error('unreachable: no trailer is asked for'));
  return (await isWhole(Buffer.from(name), { folder, complete, trailerOf })).kind === 'yes';
}

/** The machine is in trouble, not the file. */
const PASSING = ['EMFILE', 'ENFILE', 'EIO', 'ESTALE', 'EAGAIN', 'ENOMEM', 'ETIMEDOUT'];
const isPassing = ({ cause }: Error): boolean => PASSING.includes((cause as { code?: string })?.code ?? '');

async function hasChanged(
  path: string,
  { size, mtimeMs }: Pick<Known, 'size' | 'mtimeMs'>,
): Promise<boolean> {
  const now = await stat(path);
  return now.size !== size || now.mtimeMs !== mtimeMs;
}

async function foundOf(
  run: { readonly _id: string; readonly feed: string; readonly input?: { readonly sha256: string } },
  { operations, store }: Pick<Core, 'operations' | 'store'>,
) {
  const same = run.input ? await operations.importsOf(run.feed, run.input.sha256) : [];
  const sameAs = same.find((r) => r._id !== run._id && r.counts && r.status !== 'failed')?._id;
  return {
    quarantined: await unusableRows(store, run._id),
    ...(sameAs === undefined ? {} : { sameAs }),
  };
}
