import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRedressError, RedressError } from '../../complaint/errors.js';
import { runId } from '../../complaint/ids.js';
import { limit } from '../../complaint/limits.js';
import type { Feed } from '../../config/feeds.js';
import type { Run } from '../../operations/run.js';
import { giveUp } from '../../operations/runs.js';
import { fileFeed } from '../import-file.js';
import { type Claim, claim, claims, type Folders, openFolders, rootOf, settle } from './inbox.js';
import { isWrittenOn, putBack, type Settled, settledOf, settledSince } from './inbox-late.js';
import { exists } from './inbox-move.js';
import { REPORT, reportNameOf, shownName } from './inbox-names.js';
import { refusal } from './inbox-outcome.js';
import { type InboxDeps, type Known, work } from './inbox-take.js';
import { openFile } from './open.js';
import { createWatch, type Found, type Look } from './ready.js';
import { INCOMPLETE, type IncompleteCause } from './ready-whole.js';
import { writeReport } from './report.js';
import { readTrailer } from './trailer.js';

/** The drop folder of one feed. Not safe to be used twice at a time: the caller holds the lease. */
export type DropFolder = {
  readonly feed: string;
  /** Works on what an earlier process, or an earlier try, left in `processing/`. */
  goOn(): Promise<void>;
  /** Looks through `inbox/`; what is ready can be taken one by one. */
  look(): Promise<Look['ready']>;
  /** Takes a file and reads it to its end. False: there is nothing to do for it now. */
  take(file: Look['ready'][number]): Promise<boolean>;
};

const NO_FILE = new RedressError(
  'inbox',
  'not_a_plain_file',
  'It is a link, pipe or device, and nothing of it was read.',
  'Put the file itself into inbox/.',
);

export function dropFolder(feed: Feed, deps: InboxDeps & { readonly clock: () => number }): DropFolder {
  const { core, alarms } = deps;
  const { name } = feed;
  const root = rootOf(feed, core.config.data.dir);
  const { stableFor: stableMs, markerWithin: markerMs } = core.config.inbox;
  const watch = createWatch({
    folder: join(root, 'inbox'),
    complete: feed.complete,
    stableMs,
    markerMs,
    clock: deps.clock,
    trailerOf: async (path, pattern) =>
      readTrailer((await openFile({ path, feed: fileFeed(core.feeds, name) })).source, pattern),
  });
  let folders: Folders | undefined;
  /** Files in partial/ that were not read to their end. */
  let unread: string[] = [];
  let tellsIncomplete = true; // of before this start, perhaps
  /** Files whose writer may only have been slow. */
  let late: Settled[] | undefined;

  async function open(): Promise<Folders> {
    try {
      const opened = await openFolders(root);
      if (!folders) await alarms.resolve('inbox_unusable', name);
      folders = opened;
      return opened;
    } catch (error) {
      folders = undefined;
      const words = isRedressError(error) ? `${error.message} ${error.fix}` : String((error as Error).name);
      await alarms.raise('inbox_unusable', name, words.replace(/^\[redress\] \[\w+\] /, ''));
      throw error;
    }
  }

  async function tellIncomplete(
    { inbox }: Folders,
    file: Pick<Found, 'name'> & { readonly size?: number },
    cause: IncompleteCause,
    problem: string,
  ): Promise<void> {
    const { size: bytes } = file;
    await writeReport(join(inbox, reportNameOf(file.name)), {
      file: file.name,
      feed: name,
      outcome: 'incomplete',
      cause,
      problem,
      whatToDo: INCOMPLETE[cause],
      ...(bytes === undefined ? {} : { bytes }),
      endedAt: core.now(),
      software: core.software,
    });
    core.log('warn', 'inbox_file', { feed: name, what: 'incomplete', cause });
    await alarms.raise('file_incomplete', name, `${name}/inbox/${shownName(file.name)}: ${cause}`);
    tellsIncomplete = true;
  }

  async function refuse(at: Folders, file: Found): Promise<void> {
    const claimed = await claim(at, file, runId(core.now()));
    if (!claimed) return;
    const about = { file: file.name, feed: name, software: core.software, endedAt: core.now() };
    const outcome = refusal(about, NO_FILE);
    const moved = await settle(at, claimed, outcome.end, outcome.report);
    const target = `${name}/rejected/${shownName(moved)}`;
    const { code: reason } = NO_FILE;
    await core.operations.audit({ at: core.now(), by: 'redress', action: 'file_rejected', target, reason });
    await alarms.raise('file_rejected', name, `${target}: ${reason}`);
  }

  /** The alarm stays as long as somebody has left such a file where it is. */
  async function resolveRejected({ rejected, partial }: Folders): Promise<void> {
    const left = (await readdir(rejected)).some((n) => !n.startsWith('.') && !n.endsWith(REPORT));
    const still = await Promise.all(unread.map((n) => exists(join(partial, n))));
    unread = unread.filter((_, i) => still[i]);
    if (!left && unread.length === 0) await alarms.resolve('file_rejected', name);
  }

  /** Puts back what was written on after it had been read to its end: else those rows would be missed in silence. */
  async function lookLate(at: Folders): Promise<void> {
    const since = new Date(core.now().getTime() - limit('lateHours') * 3_600_000);
    late = (late ?? (await settledSince(at, since))).filter((s) => s.endedAt >= since);
    for (const settled of [...late]) {
      if (!(await isWrittenOn(at, settled))) continue;
      late = late.filter((s) => s !== settled);
      const back = { name: await putBack(at, settled) };
      const problem = 'It was written on after it had been read to its end, and was put back.';
      await tellIncomplete(at, back, 'changed_while_read', problem);
    }
  }

  async function workOn(at: Folders, claimed: Claim, known?: Known): Promise<boolean> {
    const taken = await work(name, at, claimed, deps, known);
    if (taken.kind === 'changed') {
      const problem = 'It changed after it was taken, and was put back.';
      await tellIncomplete(at, taken, 'changed_while_read', problem);
    }
    if (taken.kind === 'settled' && taken.outcome.failed && taken.outcome.end === 'partial')
      unread.push(taken.name);
    if (taken.kind === 'settled') {
      const { end, report } = taken.outcome;
      const settled = end === 'rejected' ? undefined : settledOf(report, end, taken.name);
      if (settled) late?.push(settled);
    }
    return taken.kind !== 'later';
  }

  return {
    feed: name,
    async goOn() {
      const at = await open();
      for (const claimed of await claims(at)) {
        if (deps.signal.aborted) return;
        await workOn(at, claimed);
      }
      await giveUpStrays(
        deps,
        async (run) => run.feed === name && !(await exists(join(at.processing, run._id))),
      );
    },
    async look() {
      const at = folders ?? (await open());
      await lookLate(at);
      const { ready, incomplete, refused } = await watch.look();
      for (const file of refused) await refuse(at, file);
      for (const file of incomplete) if (file.isNew) await tellIncomplete(at, file, file.cause, file.problem);
      if (incomplete.length === 0 && tellsIncomplete) {
        await alarms.resolve('file_incomplete', name);
        tellsIncomplete = false;
      }
      await resolveRejected(at);
      return ready;
    },
    async take(file) {
      const at = folders ?? (await open());
      const claimed = await claim(at, file, runId(core.now()));
      if (!claimed) return false;
      core.log('info', 'inbox_file', { feed: name, run: claimed.id, what: 'taken' });
      return workOn(at, claimed, file);
    },
  };
}

/** Gives up runs of drop folders that nobody will go on with: their file, or their drop folder, was taken away. */
export async function giveUpStrays(
  { core, runs, alarms }: Pick<InboxDeps, 'core' | 'runs' | 'alarms'>,
  isStray: (run: Run) => Promise<boolean>,
): Promise<void> {
  for (const run of await core.operations.openInboxRuns())
    if ((await isStray(run)) && (await runs.standing(run)) === 'resumable')
      await giveUp(run, { ...core, alarms });
}
