import { AlignedV1, type Mappable } from '../../complaint/aligned.js';
import type { RawFormat } from '../../complaint/envelope.js';
import { limit } from '../../complaint/limits.js';
import { parseMoment } from '../../complaint/times.js';
import { cellsOfRow, isWide } from '../../sources/csv-text.js';
import type { AlignResult } from '../steps/align.js';

/** What reading a row needs of its feed: see config/sources.yaml. */
export type CsvFeed = {
  /** `auto`: only as the row's file was read. */
  readonly encoding: string;
  readonly mapping?: Readonly<Partial<Record<Mappable, readonly string[]>>>;
  readonly moments?: {
    readonly columns: readonly string[];
    readonly format: readonly string[];
    readonly zone: string;
  };
};

type Format = Extract<RawFormat, { kind: 'csv' }>;

/**
 * Cells as their file was read, if they are valid so; else in the encoding that the feed declares by now, so that a
 * replay finds what was corrected. Rows staged before formats named an encoding have only the feed's.
 */
function readRow(bytes: Buffer, format: Format, declared: string) {
  const stored = (format.encoding as string | undefined) ?? (declared === 'auto' ? 'utf-8' : declared);
  const read = cellsOfRow(bytes, format, stored);
  const another = declared !== 'auto' && declared !== stored && isWide(declared) === isWide(stored);
  return 'reason' in read && read.reason === 'bad_encoding' && another
    ? cellsOfRow(bytes, format, declared)
    : read;
}

/** One CSV row by the mapping of its feed; columns that are not mapped are kept in `extra`. */
export function alignCsv(bytes: Buffer, format: Format, receivedAt: Date, feed: CsvFeed): AlignResult {
  const read = readRow(bytes, format, feed.encoding);
  if ('reason' in read) return { quarantine: read.reason, detail: read.detail };
  if (!feed.mapping) return { quarantine: 'schema_mismatch', detail: 'the feed has no mapping' };
  const row = new Map(format.headings.map((heading, i) => [heading, read.cells[i] ?? '']));
  const joined = (columns: readonly string[] | undefined, glue: string) =>
    columns
      ?.map((c) => row.get(c) ?? '')
      .filter((cell) => cell !== '')
      .join(glue) || undefined;
  const field = (name: Mappable) => joined(feed.mapping?.[name], ', ');

  const text = field('text');
  if (text === undefined)
    return { quarantine: 'no_text', detail: `column ${feed.mapping.text?.[0]} is empty or missing` };
  let occurredAt = receivedAt;
  if (feed.moments) {
    const { columns, format: declared, zone } = feed.moments;
    const patterns = declared.length > 0 ? declared : [format.dateFormat ?? 'iso'];
    const moment = parseMoment(joined(columns, ' ') ?? '', { format: patterns, zone });
    if (!moment.ok)
      return { quarantine: 'bad_date', detail: `${feed.moments.columns.join(' ')}: ${moment.reason}` };
    occurredAt = moment.at;
  }
  const mapped = new Set([...Object.values(feed.mapping).flat(), ...(feed.moments?.columns ?? [])]);
  const extra = [...row]
    .filter(([heading, cell]) => !mapped.has(heading) && cell !== '')
    .slice(0, limit('extraKeys'));
  const parsed = AlignedV1.safeParse({
    text: text.toWellFormed(),
    occurredAt,
    receivedAt,
    customer: {
      msisdn: field('msisdn'),
      account: field('account'),
      email: field('email'),
      handle: field('handle'),
    },
    channel: field('channel'),
    place: field('place'),
    languageHint: field('languageHint'),
    sourceCategory: field('sourceCategory'),
    sourceStatus: field('sourceStatus'),
    sourceRef: field('sourceRef'),
    conversationRef: field('conversationRef'),
    agentRef: field('agentRef'),
    customerTier: field('customerTier'),
    media: field('media')?.split(/\s+/) ?? [],
    extra: Object.fromEntries(extra),
  });
  if (parsed.success) return { ok: parsed.data };
  return { quarantine: 'schema_mismatch', detail: parsed.error.issues[0]?.path.join('.') ?? 'unknown field' };
}
