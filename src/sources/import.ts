import { basename } from 'node:path';
import { RedressError, isRedressError } from '../complaint/errors.js';
import type { Core } from '../core.js';
import { errorFields } from '../log.js';
import type { Run, RunInput } from '../operations/run.js';
import type { Runs } from '../operations/runs.js';
import { createFeeder } from '../queue/feeder.js';
import type { Queues } from '../queue/queues.js';
import { type DoorTally, openDoor } from '../staging/door.js';
import { createProfiler, type Drift, reportDrift } from '../staging/drift.js';
import type { RoutePolicy } from '../staging/record.js';
import { fileError } from './call-log/file-errors.js';
import { type FileFacts, openFile, type OpenedFile } from './call-log/open.js';
import { readTrailer } from './call-log/trailer.js';
import { type FileFeed, fileFeed } from './import-file.js';
import { type ImportProgress, pour, type Poured } from './import-pour.js';
import {
  type Beginning,
  beginRun,
  countedBefore,
  interruptedRun,
  readingOf,
  resumeRun,
} from './import-run.js';
import { type UnusableRows, unusableRows } from './store.js';

export type { ImportProgress } from './import-pour.js';

export type ImportOptions = {
  readonly core: Pick<Core, 'feeds' | 'staging' | 'operations' | 'store' | 'cipher' | 'now' | 'log'>;
  readonly runs: Runs;
  /** Of the service that is to process the rows; without it they wait until a service looks into MongoDB. */
  readonly queues?: Queues;
  readonly feed: string;
  readonly path: string;
  readonly route?: RoutePolicy;
  readonly trigger?: Run['trigger'];
  /** Begin at the first row, also where an interrupted run of this file could be gone on with. */
  readonly fresh?: boolean;
  /** The run of a file that was claimed from a drop folder: begun under this id, or gone on with. */
  readonly claim?: string;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Ends the import between two batches; what was accepted is kept. */
  readonly signal?: AbortSignal;
};

export type ImportResult = {
  readonly run: string;
  readonly feed: string;
  /** `partial`: all was read, and a person should look at some of it. */
  readonly status: 'success' | 'partial' | 'failed';
  /** Machine word; absent on success. */
  readonly cause?: string;
  /** Why it failed, unless it was stopped by hand. */
  readonly error?: unknown;
  /** It failed for a reason that does not lie in the file: the same import goes on where this one ended. */
  readonly resumable?: true;
  /** The row it went on after, if it was interrupted before. */
  readonly resumedAfter?: number;
  /** Of the whole run, what came before an interruption included. */
  readonly counts: DoorTally;
  /** Of the accepted: unusable already at the door, kept in quarantine. */
  readonly unusable: number;
  readonly quarantined: readonly UnusableRows[];
  /** How the file differs from the one before it. */
  readonly drift: readonly Drift[];
  readonly file: NonNullable<Run['file']>;
  readonly facts: FileFacts;
};

export const STOPPED = 'stopped by hand';

/** Findings kept on a run; a file with other columns altogether has hundreds. */
const MOST_DRIFT = 100;

/**
 * Imports a file as one run: every row ends in staging or is counted as why not. Safe to run again after whatever
 * happened: an interrupted run of the same file goes on where it ended, and rows that are in are `repeated`. Throws
 * `RedressError` before any row is written (unknown feed, feed without mapping, file that is unusable as a whole, file
 * that another process imports); later trouble is in the result, with what was kept.
 */
export async function importFile(options: ImportOptions): Promise<ImportResult> {
  const { core, runs, path } = options;
  const feed = fileFeed(core.feeds, options.feed);
  const { source, facts, isSame } = await opened(feed, options);
  const file = { ...(await source.census()), name: basename(path) };
  const lastRow = await rowsBeforeTrailer(path, feed, file.sha256);
  const beginning = await begin(options, feed, file.sha256);
  const { run, skipRows, skippedSha256 } = beginning;
  const door = doorOf(beginning, feed, options);
  const profiler = createProfiler();
  const { name, lines } = file;
  const skipped = skippedSha256 === undefined ? { skipRows } : { skipRows, skippedSha256 };
  const read = await pour(source, door, { ...options, name, lines, lastRow, profiler, ...skipped });
  const poured =
    read.error === undefined && !read.stopped ? { ...read, ...(await sameness(isSame, name)) } : read;
  const unsettled = await door.close().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const trouble: Poured = unsettled ? { ...poured, ...unsettled } : poured;
  const linesCovered = source.linesCovered();
  const after = await summed(beginning, door.tally(), profiler, trouble, options).catch((error: unknown) => ({
    counts: door.tally(),
    quarantined: [],
    drift: [],
    trouble: { error, ...trouble },
  }));
  const unusable = after.quarantined.reduce((sum, { count }) => sum + count, 0);
  const end = {
    ...verdict(after.trouble, { ...after, linesMissed: linesCovered !== file.lines, unusable }),
    file: { ...file, linesCovered },
  };
  // A door that could not settle does not know what became of its last batch: the receipts will be counted.
  const known = unsettled || after.trouble !== trouble ? {} : { counts: after.counts };
  // With the database gone this fails too; the run is then found silent and taken up or closed as interrupted.
  const drifted = after.drift.length > 0 ? { drift: after.drift.slice(0, MOST_DRIFT) } : {};
  await runs.end(run, { ...end, ...known, ...drifted }).catch((error: unknown) => {
    if (end.status !== 'failed') throw error;
  });
  const { error } = after.trouble;
  const { counts, quarantined, drift } = after;
  return {
    run: run._id,
    feed: feed.name,
    ...end,
    ...(skipRows > 0 ? { resumedAfter: skipRows } : {}),
    counts,
    unusable,
    quarantined,
    drift,
    facts,
    ...(error === undefined ? {} : { error }),
  };
}

const changedWhileRead = (name: string): RedressError =>
  fileError('changed_while_read', `${name} was changed while it was read.`);

/** Whoever reads to the end of a file that was replaced, or written to where it had been read, has read what is no more. */
const sameness = (isSame: OpenedFile['isSame'], name: string): Promise<{ error?: unknown }> =>
  isSame().then(
    (same) => (same ? {} : { error: changedWhileRead(name) }),
    (error: unknown) => ({ error }),
  );

/** Not even a file; of anything else that can't be opened there is a failed run to look at. */
const NO_FILE = ['file_unreadable', 'not_a_file'];

async function opened(feed: FileFeed, options: ImportOptions): Promise<OpenedFile> {
  const { path, runs, claim, trigger = 'cli' } = options;
  try {
    return await openFile({ path, feed });
  } catch (error) {
    if (!isRedressError(error) || NO_FILE.includes(error.code)) throw error;
    const known = claim !== undefined && (await options.core.operations.run(claim)) !== null;
    if (known) throw error; // it could be opened when that run began
    const about = { kind: 'import' as const, name: basename(path), feed: feed.name, trigger };
    const run = await runs.start(claim === undefined ? about : { ...about, _id: claim });
    await runs.end(run, { status: 'failed', cause: error.code });
    throw error;
  }
}

/** Infinity where the feed's files have no trailer. */
async function rowsBeforeTrailer(path: string, feed: FileFeed, sha256: string): Promise<number> {
  if (feed.complete?.kind !== 'trailer') return Number.POSITIVE_INFINITY;
  const { source } = await openFile({ path, feed });
  if ((await source.census()).sha256 !== sha256) throw changedWhileRead(basename(path));
  const trailer = await readTrailer(source, feed.complete.pattern);
  if (trailer.kind === 'whole') return trailer.rows;
  const name = basename(path);
  throw new RedressError(
    'import',
    'file_incomplete',
    trailer.kind === 'missing'
      ? `${name} does not end with the trailer row that \`complete\` of feed ${feed.name} asks for.`
      : `The trailer of ${name} says ${trailer.says} rows, and ${trailer.rows} came before it.`,
    'Nothing was imported. Wait until the file is whole, or ask the sender for it again.',
  );
}

async function begin(options: ImportOptions, feed: FileFeed, sha256: string): Promise<Beginning> {
  const { core, runs, claim, trigger = 'cli', route = 'auto' } = options;
  const input: RunInput = { sha256, reading: readingOf(feed, route), inbox: claim !== undefined };
  const about = { kind: 'import' as const, name: basename(options.path), feed: feed.name, trigger, input };
  if (claim !== undefined) {
    const run = await core.operations.run(claim);
    if (!run) return beginRun({ ...about, _id: claim }, options);
    const same = run.input?.sha256 === sha256 && run.input.reading === input.reading;
    const resumed = same ? await resumeRun(run, trigger, { core, runs }) : undefined;
    if (resumed) return resumed;
    throw new RedressError(
      'import',
      'claim_outdated',
      `Run ${claim} has ended, or the file or the settings of feed ${feed.name} are others than when it began.`,
      'The drop folder begins a new run by itself.',
    );
  }
  const before = options.fresh ? undefined : await interruptedRun(feed.name, input, { core });
  return (before && (await resumeRun(before, trigger, { core, runs }))) ?? beginRun(about, options);
}

function doorOf({ run, firstSeq }: Beginning, feed: FileFeed, options: ImportOptions) {
  const { core, queues, route = 'auto' } = options;
  const feeder = queues
    ? createFeeder({
        queues,
        staging: core.staging,
        now: core.now,
        // Only a hint: the service finds the rows in MongoDB within a second.
        onError: (error) => core.log('debug', 'queue_error', { where: 'import', ...errorFields(error) }),
      })
    : undefined;
  const { name, source, lane } = feed;
  return openDoor(
    { run: run._id, feed: name, source, lane, route, firstSeq },
    {
      store: core.staging,
      cipher: core.cipher,
      now: core.now,
      onReceipt: (receipt, to) => feeder?.hint(receipt, to),
    },
  );
}

/** What the run came to as a whole; reads the database. */
async function summed(
  beginning: Beginning,
  tally: DoorTally,
  profiler: ReturnType<typeof createProfiler>,
  trouble: Poured,
  { core }: ImportOptions,
) {
  const { run } = beginning;
  const before = await countedBefore(beginning, { core });
  const counts = Object.fromEntries(
    Object.entries(tally).map(([key, n]) => [key, n + before[key as keyof DoorTally]]),
  ) as DoorTally;
  const readToEnd = trouble.error === undefined && !trouble.stopped;
  const look = { store: core.store, feed: run.feed, run: run._id, profile: profiler.finish() };
  return {
    counts,
    quarantined: await unusableRows(core.store, run._id),
    drift: readToEnd ? await reportDrift(look) : [],
    trouble,
  };
}

function verdict(
  { error, stopped }: Poured,
  found: { counts: DoorTally; unusable: number; drift: readonly Drift[]; linesMissed: boolean },
): Pick<ImportResult, 'status' | 'cause' | 'resumable'> {
  if (error !== undefined)
    return isRedressError(error)
      ? { status: 'failed', cause: error.code }
      : { status: 'failed', cause: errorFields(error).error, resumable: true };
  if (stopped) return { status: 'failed', cause: STOPPED, resumable: true };
  const causes = [
    // The parser passed lines over: the ledger will not balance.
    found.linesMissed && 'lines_not_covered',
    found.counts.conflict > 0 && 'conflicts',
    found.unusable > 0 && 'quarantined',
    found.drift.length > 0 && 'drift',
  ];
  const cause = causes.find((word) => word !== false);
  return cause ? { status: 'partial', cause } : { status: 'success' };
}
