import { createHash } from 'node:crypto';
import type { Envelope } from '../complaint/envelope.js';
import { limit } from '../complaint/limits.js';
import type { Door } from '../staging/door.js';
import type { Profiler } from '../staging/drift.js';
import { fileError } from './call-log/file-errors.js';
import type { FileSource } from './port.js';

/** Batches that may be on their way at a time: one is parsed and sealed while the one before it is written. */
const UNDER_WAY = 2;

export type ImportProgress = {
  /** Rows that are durable. */
  readonly rows: number;
  /** Part of the file's lines they reach to, 0 to 1. */
  readonly share: number;
};

export type PourOptions = {
  readonly lines: number;
  /** Rows that are in already. */
  readonly skipRows: number;
  /** Hash of these rows as they were read then; absent where none was kept. */
  readonly skippedSha256?: string;
  readonly name: string;
  /** Rows after this one are no complaints (a trailer). */
  readonly lastRow: number;
  readonly profiler: Profiler;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
};

export type Poured = { readonly stopped: boolean; readonly error?: unknown };

/** Over the rows handed over so far: two readings with the same hash have seen the same rows. */
function rowsHash() {
  const hash = createHash('sha256');
  return {
    add: ({ raw }: Envelope) => void hash.update(`${raw.length}\n`).update(raw),
    hex: () => hash.copy().digest('hex'),
  };
}

/** Reads to the end, to an error or to the signal; returns when nothing is under way any more. */
export async function pour(source: FileSource, door: Door, options: PourOptions): Promise<Poured> {
  const { lines, skipRows, lastRow, profiler, signal } = options;
  const seen = rowsHash();
  // What an interrupted run had read is part of what the file looks like.
  const onSkipped = (envelope: Envelope) => {
    profiler.envelopes([envelope]);
    seen.add(envelope);
  };
  let { skippedSha256 } = options;
  function checkSkipped(): void {
    if (skippedSha256 !== undefined && skippedSha256 !== seen.hex())
      throw fileError(
        'changed_while_read',
        `${options.name} was changed while it was read: its first ${skipRows} rows are others than those that are in.`,
      );
    skippedSha256 = undefined;
  }
  const underWay: Promise<void>[] = [];
  let rows = skipRows;
  let stopped = false;
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const batch of source.read(limit('receiptItems'), { skipRows, onSkipped })) {
      if (signal?.aborted) {
        stopped = true;
        break;
      }
      const envelopes = batch.envelopes.filter((e) => e.position.index <= lastRow);
      checkSkipped();
      if (envelopes.length === 0) continue;
      for (const envelope of envelopes) seen.add(envelope);
      if (underWay.length >= UNDER_WAY) await underWay.shift();
      const line = envelopes.at(-1)?.position.line ?? 0;
      profiler.envelopes(envelopes);
      const stretch = {
        from: batch.rows.from,
        to: Math.min(batch.rows.to, lastRow),
        sha256: seen.hex(),
      };
      const accepted = door.accept(envelopes, stretch).then(() => {
        rows = stretch.to;
        options.onProgress?.({ rows, share: lines === 0 ? 1 : Math.min(1, line / lines) });
      });
      accepted.catch(() => {}); // awaited above or below, where it counts
      underWay.push(accepted);
    }
    if (!stopped) checkSkipped();
  } catch (error) {
    failure = { error };
  }
  for (const outcome of await Promise.allSettled(underWay))
    if (outcome.status === 'rejected') failure ??= { error: outcome.reason as unknown };
  return { stopped, ...failure };
}
