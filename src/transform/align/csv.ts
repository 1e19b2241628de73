import { parse } from 'csv-parse/sync';
import { AlignedV1, type Mappable } from '../../complaint/aligned.js';
import type { RawFormat } from '../../complaint/envelope.js';
import { limit } from '../../complaint/limits.js';
import { parseMoment } from '../../complaint/times.js';
import type { AlignResult } from '../steps/align.js';

/** What reading a row needs of its feed: see config/sources.yaml. */
export type CsvFeed = {
  readonly encoding: string;
  readonly mapping?: Readonly<Partial<Record<Mappable, readonly string[]>>>;
  readonly moments?: {
    readonly columns: readonly string[];
    readonly format: readonly string[];
    readonly zone: string;
  };
};

type Format = Extract<RawFormat, { kind: 'csv' }>;

/** Ends no row. */
const NEVER = '\0\x01\0\x02';

const reading = (delimiter: string) => ({
  delimiter,
  encoding: 'latin1' as const,
  relax_column_count: true,
  record_delimiter: NEVER, // the row is one record, whatever line ends stand in its cells
});

/** A quote that opens and does not close takes the rows after it into its cell, up to the next stray quote. */
function hasStrayQuote(bytes: Buffer, delimiter: string): boolean {
  if (!bytes.includes('\n') && !bytes.includes('\r')) return false;
  try {
    parse(bytes, reading(delimiter));
    return false;
  } catch {
    return true;
  }
}

/** Cells as text; bytes are read one to one first, as delimiters and quotes are ASCII in every encoding read this way. */
export function cellsOf(bytes: Buffer, delimiter: string, encoding: string): string[] | 'bad_encoding' {
  const [cells = []]: string[][] = parse(bytes, { ...reading(delimiter), relax_quotes: true });
  try {
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    return cells.map((cell) => decoder.decode(Buffer.from(cell, 'latin1')));
  } catch {
    return 'bad_encoding';
  }
}

/** One CSV row by the mapping of its feed; columns that are not mapped are kept in `extra`. */
export function alignCsv(bytes: Buffer, format: Format, receivedAt: Date, feed: CsvFeed): AlignResult {
  if (hasStrayQuote(bytes, format.delimiter))
    return { quarantine: 'bad_row', detail: 'a quote opens and is never closed' };
  const cells = cellsOf(bytes, format.delimiter, feed.encoding);
  if (cells === 'bad_encoding') return { quarantine: 'bad_encoding', detail: `not valid ${feed.encoding}` };
  if (cells.length > format.headings.length) {
    const detail = `${cells.length} cells under ${format.headings.length} headings`;
    return { quarantine: 'bad_row', detail };
  }
  if (!feed.mapping) return { quarantine: 'schema_mismatch', detail: 'the feed has no mapping' };
  const row = new Map(format.headings.map((heading, i) => [heading, (cells[i] ?? '').trim()]));
  const read = (columns: readonly string[] | undefined, glue: string) =>
    columns
      ?.map((c) => row.get(c) ?? '')
      .filter((cell) => cell !== '')
      .join(glue) || undefined;
  const field = (name: Mappable) => read(feed.mapping?.[name], ', ');

  const text = field('text');
  if (text === undefined)
    return { quarantine: 'no_text', detail: `column ${feed.mapping.text?.[0]} is empty or missing` };
  let occurredAt = receivedAt;
  if (feed.moments) {
    const moment = parseMoment(read(feed.moments.columns, ' ') ?? '', feed.moments);
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
