import type { AlignedV1 } from '../../complaint/aligned.js';
import type { Envelope } from '../../complaint/envelope.js';
import { limit } from '../../complaint/limits.js';
import type { QuarantineReason } from '../../complaint/reasons.js';
import { type Feed, foldStatus } from '../../config/feeds.js';
import { alignCsv } from '../../transform/align/csv.js';
import type { AlignResult } from '../../transform/steps/align.js';
import { type FileFacts, openFile } from './open.js';

/** What would become of a file. Counts, row numbers and names of fields; no value but statuses. */
export type FileCheck = {
  readonly facts: FileFacts;
  readonly rows: number;
  readonly good: number;
  /** Rows that would be quarantined; the first of them by number. */
  readonly bad: readonly {
    readonly reason: QuarantineReason;
    readonly rows: number;
    readonly first: readonly number[];
    readonly detail: string;
  }[];
  /** Of the good rows, how many have each field. */
  readonly fields: Readonly<Record<string, number>>;
  readonly from?: Date;
  readonly to?: Date;
  /** Good rows that are too old, or closed at their source, to reach a team. */
  readonly historic: number;
  readonly closed: number;
  /** Columns that no field takes. */
  readonly extra: readonly string[];
  /** Lines of the file, and how many of them the rows cover. */
  readonly lines: { readonly counted: number; readonly covered: number };
};

const FIRST = 5;
const DAY_MS = 86_400_000;

/** Reads a file by its feed as an import and the transform would, and keeps nothing. Throws as `openFile` does. */
export async function checkFile(path: string, feed: Feed, now: Date): Promise<FileCheck> {
  const { source, facts } = await openFile({ path, feed });
  const bad = new Map<
    QuarantineReason,
    { reason: QuarantineReason; rows: number; first: number[]; detail: string }
  >();
  const fields: Record<string, number> = {};
  const seen = { rows: 0, good: 0, historic: 0, closed: 0 };
  let from: Date | undefined;
  let to: Date | undefined;

  function refuse(reason: QuarantineReason, detail: string, row: number): void {
    const found = bad.get(reason) ?? { reason, rows: 0, first: [], detail };
    found.rows += 1;
    if (found.first.length < FIRST) found.first.push(row);
    bad.set(reason, found);
  }

  function take(aligned: AlignedV1): void {
    seen.good += 1;
    const { customer, occurredAt, sourceStatus, media, extra: _, receivedAt: __, ...rest } = aligned;
    const has = { ...rest, ...customer, sourceStatus, media: media.length > 0 ? media : undefined };
    for (const [name, value] of Object.entries(has))
      if (value !== undefined) fields[name] = (fields[name] ?? 0) + 1;
    if (now.getTime() - occurredAt.getTime() > feed.routeWithin) seen.historic += 1;
    if (sourceStatus !== undefined && feed.closedStatuses.includes(foldStatus(sourceStatus)))
      seen.closed += 1;
    if (!feed.moments) return;
    fields.occurredAt = (fields.occurredAt ?? 0) + 1;
    if (!from || occurredAt < from) from = occurredAt;
    if (!to || occurredAt > to) to = occurredAt;
  }

  /** As the aligner and the step around it would. */
  function alignedOf({ raw, format, reason }: Envelope): AlignResult {
    if (reason) return { quarantine: reason.code, detail: reason.detail };
    if (format.kind !== 'csv') return { quarantine: 'schema_mismatch', detail: 'no row of a file' };
    const result = alignCsv(raw, format, now, feed);
    return 'ok' in result && result.ok.occurredAt.getTime() > now.getTime() + DAY_MS
      ? { quarantine: 'bad_date', detail: 'more than a day ahead of now' }
      : result;
  }

  for await (const { envelopes } of source.read(limit('receiptItems')))
    for (const envelope of envelopes) {
      seen.rows += 1;
      const result = alignedOf(envelope);
      if ('ok' in result) take(result.ok);
      else refuse(result.quarantine, result.detail, envelope.position.index);
    }
  const mapped = new Set([...Object.values(feed.mapping ?? {}).flat(), ...(feed.moments?.columns ?? [])]);
  return {
    facts,
    ...seen,
    bad: [...bad.values()].sort((a, b) => b.rows - a.rows),
    fields,
    ...(from && to ? { from, to } : {}),
    extra: facts.headings.filter((h) => !mapped.has(h)),
    lines: { counted: (await source.census()).lines, covered: source.linesCovered() },
  };
}
