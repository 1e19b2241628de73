import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { RedressError, isRedressError } from '../complaint/errors.js';
import { limit } from '../complaint/limits.js';
import { didYouMean } from '../complaint/nearest.js';
import type { Feed, Feeds } from '../config/feeds.js';
import type { Core } from '../core.js';
import { errorFields } from '../log.js';
import type { Run } from '../operations/run.js';
import type { Runs } from '../operations/runs.js';
import { createFeeder } from '../queue/feeder.js';
import type { Queues } from '../queue/queues.js';
import { type Door, type DoorTally, openDoor } from '../staging/door.js';
import type { RoutePolicy } from '../staging/record.js';
import { openCsv } from './call-log/csv.js';
import type { FileSource } from './port.js';

/** Batches that may be on their way at a time: one is parsed and sealed while the one before it is written. */
const UNDER_WAY = 2;

export type ImportProgress = {
  /** Rows that are durable. */
  readonly rows: number;
  /** Part of the file's lines they reach to, 0 to 1. */
  readonly share: number;
};

export type ImportOptions = {
  readonly core: Pick<Core, 'feeds' | 'staging' | 'cipher' | 'now' | 'log'>;
  readonly runs: Runs;
  /** Of the service that is to process the rows; without it they wait until a service looks into MongoDB. */
  readonly queues?: Queues;
  readonly feed: string;
  readonly path: string;
  readonly route?: RoutePolicy;
  readonly trigger?: Run['trigger'];
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
  readonly counts: DoorTally;
  /** Of the accepted: unusable already at the door (too large), kept in quarantine. */
  readonly unusable: number;
  readonly file: NonNullable<Run['file']>;
};

export const STOPPED = 'stopped by hand';

/**
 * Imports a file as one run: every row ends in staging or is counted as why not. Safe to run again after whatever
 * happened: rows that are in are `repeated`. Throws `RedressError` before anything is written (unknown feed, feed
 * without mapping, file that can't be opened); later trouble is in the result, with what was kept.
 */
export async function importFile(options: ImportOptions): Promise<ImportResult> {
  const { core, runs, path, queues } = options;
  const feed = fileFeed(core.feeds, options.feed);
  const source = await openFile(path, feed);
  const name = basename(path);
  const run = await runs.start({
    kind: 'import',
    name,
    feed: feed.name,
    trigger: options.trigger ?? 'cli',
  });
  const feeder = queues
    ? createFeeder({
        queues,
        staging: core.staging,
        now: core.now,
        // Only a hint: the service finds the rows in MongoDB within a second.
        onError: (error) => core.log('debug', 'queue_error', { where: 'import', ...errorFields(error) }),
      })
    : undefined;
  const door = openDoor(
    {
      run: run._id,
      feed: feed.name,
      source: feed.source,
      lane: feed.lane,
      route: options.route ?? 'auto',
      firstSeq: 0,
    },
    {
      store: core.staging,
      cipher: core.cipher,
      now: core.now,
      onReceipt: (receipt, lane) => feeder?.hint(receipt, lane),
    },
  );
  const file = { ...(await source.census()), name };
  const poured = await pour(source, door, file.lines, options);
  const unsettled = await door.close().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const counts = door.tally();
  const end = {
    ...verdict(
      counts,
      source.linesCovered() !== file.lines,
      unsettled ? { ...poured, ...unsettled } : poured,
    ),
    file: { ...file, linesCovered: source.linesCovered() },
    // A door that could not settle does not know what became of its last batch: the receipts will be counted.
    ...(unsettled ? {} : { counts }),
  };
  // With the database gone this fails too; the run is then found silent and closed as interrupted.
  await runs.end(run, end).catch((error: unknown) => {
    if (end.status !== 'failed') throw error;
  });
  const error = unsettled?.error ?? poured.error;
  return {
    run: run._id,
    feed: feed.name,
    ...end,
    counts,
    unusable: poured.unusable,
    ...(error === undefined ? {} : { error }),
  };
}

type Poured = { readonly unusable: number; readonly stopped: boolean; readonly error?: unknown };

/** Reads to the end, to an error or to the signal; returns when nothing is under way any more. */
async function pour(source: FileSource, door: Door, lines: number, options: ImportOptions): Promise<Poured> {
  const underWay: Promise<void>[] = [];
  let rows = 0;
  let unusable = 0;
  let stopped = false;
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const { envelopes, rows: stretch } of source.read(limit('receiptItems'))) {
      if (options.signal?.aborted) {
        stopped = true;
        break;
      }
      if (underWay.length >= UNDER_WAY) await underWay.shift();
      const line = envelopes.at(-1)?.position.line ?? 0;
      const accepted = door.accept(envelopes, stretch).then(() => {
        rows += envelopes.length;
        unusable += envelopes.filter((e) => e.reason).length;
        options.onProgress?.({ rows, share: lines === 0 ? 1 : Math.min(1, line / lines) });
      });
      accepted.catch(() => {}); // awaited above or below, where it counts
      underWay.push(accepted);
    }
  } catch (error) {
    failure = { error };
  }
  for (const outcome of await Promise.allSettled(underWay))
    if (outcome.status === 'rejected') failure ??= { error: outcome.reason as unknown };
  return { unusable, stopped, ...failure };
}

function verdict(
  counts: DoorTally,
  linesMissed: boolean,
  { error, stopped, unusable }: Poured,
): Pick<ImportResult, 'status' | 'cause'> {
  if (error !== undefined)
    return { status: 'failed', cause: isRedressError(error) ? error.code : errorFields(error).error };
  if (stopped) return { status: 'failed', cause: STOPPED };
  // The file was changed while it was read, or a quote swallowed lines: the ledger will not balance.
  if (linesMissed) return { status: 'partial', cause: 'lines_not_covered' };
  if (counts.conflict > 0) return { status: 'partial', cause: 'conflicts' };
  return unusable > 0 ? { status: 'partial', cause: 'quarantined' } : { status: 'success' };
}

function fileFeed(feeds: Feeds, name: string): Feed & { readonly mapping: NonNullable<Feed['mapping']> } {
  const feed = feeds.get(name);
  const importable = [...feeds.values()].filter((f) => f.mapping).map((f) => f.name);
  if (!feed)
    throw new RedressError(
      'import',
      'unknown_feed',
      `There is no feed "${name.slice(0, 80)}".${didYouMean(name, feeds.keys())}`,
      `Feeds that take files: ${importable.join(', ') || 'none'}. config/sources.yaml declares them.`,
    );
  const { mapping } = feed;
  if (!mapping)
    throw new RedressError(
      'import',
      'feed_without_mapping',
      `Feed ${name} has no mapping: nothing says which column of a file is the complaint.`,
      `Give it one in config/sources.yaml (mapping: text, occurredAt, ...; call_centre is an example), or name a feed that has one: ${importable.join(', ') || 'none'}.`,
    );
  return { ...feed, mapping };
}

async function openFile(
  path: string,
  feed: Feed & { readonly mapping: NonNullable<Feed['mapping']> },
): Promise<FileSource> {
  const kind = await stat(path).catch(() => undefined); // absent or forbidden: the reader says it better
  // It is read twice, and the second reader of a pipe would wait for ever.
  if (kind && !kind.isFile() && !kind.isDirectory())
    throw new RedressError(
      'import',
      'not_a_file',
      `${path} is a pipe or device, which can't be read twice.`,
      'Write it to a file first and import that.',
    );
  const { identity, mapping, moments } = feed;
  const columns = [
    ...Object.values(mapping).flat(),
    ...(moments?.columns ?? []),
    ...(identity.kind === 'columns' ? identity.columns : []),
  ];
  return openCsv({
    path,
    feed: feed.name,
    source: feed.source,
    delimiter: feed.delimiter,
    encoding: feed.encoding,
    identity,
    mapped: [...new Set(columns)],
  });
}
