import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { RedressError } from '../../complaint/errors.js';
import { Category, ComplaintFlag, Sentiment, Urgency } from '../../complaint/labels.js';
import { hashOf } from '../manifest.js';

const Labelled = z.object({
  id: z.string().optional(),
  text: z.string().min(1),
  /** Where the message was found. */
  source: z.string().default('written'),
  channel: z.string().default('unknown'),
  language: z.string().default('unknown'),
  category: Category,
  second: Category.or(z.literal('-')).default('-'),
  sentiment: Sentiment,
  complaint: ComplaintFlag,
  urgency: Urgency,
});
/** One labelled message; `at` is `file:line` (JSONL) or `file:row` (CSV), 1-based. */
export type Row = z.infer<typeof Labelled> & { readonly at: string };

export type DataFile<T> = { readonly name: string; readonly sha256: string; readonly rows: readonly T[] };

const wrong = (code: string, problem: string, fix: string, options?: ErrorOptions): RedressError =>
  new RedressError('evaluation', code, problem, fix, options);

async function read(file: string): Promise<{ name: string; bytes: Buffer; sha256: string }> {
  try {
    const bytes = await readFile(file);
    return { name: basename(file), bytes, sha256: hashOf(bytes) };
  } catch (e) {
    throw wrong(
      'no_data',
      `${file} can't be read (${(e as NodeJS.ErrnoException).code}).`,
      'Run from the root of the project, or give the file by its path.',
      { cause: e },
    );
  }
}

const isCsv = (name: string): boolean => /\.csv$/i.test(name);
const textOf = (bytes: Buffer): string => bytes.toString('utf8').replace(/^\uFEFF/, '');
const lines = (text: string): { line: string; number: number }[] =>
  text
    .split('\n')
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => line.trim() !== '');

/** The text of a file that is UTF-8; any other would be measured on letters that nobody wrote. */
function utf8TextOf(name: string, bytes: Buffer): string {
  if (isUtf8(bytes)) return textOf(bytes);
  let line = 1;
  for (let at = 0, end = bytes.indexOf('\n'); end !== -1; end = bytes.indexOf('\n', at), line++) {
    if (!isUtf8(bytes.subarray(at, end))) break;
    at = end + 1;
  }
  throw wrong(
    'bad_encoding',
    `${name}, line ${line} is not UTF-8.`,
    'Find out what it is (`file -i`) and convert it, e.g. `iconv -f windows-1252 -t utf-8`.',
  );
}

/** A row as read, and where: its number under the headings (CSV), or its line. */
type Found = { readonly at: number; readonly record: unknown };

function foundInLines(name: string, text: string): Found[] {
  return lines(text).map(({ line, number }) => {
    try {
      return { at: number, record: JSON.parse(line) };
    } catch {
      throw wrong(
        'bad_json',
        `${name}, line ${number} is no JSON.`,
        'Write one object a line: {"text": "...", "category": "...", ...}. Take the line out if it was cut off; name a CSV *.csv.',
      );
    }
  });
}

const CSV_WORDS: Readonly<Record<string, string>> = {
  INVALID_OPENING_QUOTE: 'a quote stands in the middle of a cell',
  CSV_INVALID_CLOSING_QUOTE: 'something follows the closing quote of a cell',
  CSV_RECORD_INCONSISTENT_COLUMNS: 'the row has more or fewer cells than there are headings',
};

function foundInCsv(name: string, text: string): Found[] {
  try {
    const records: unknown[] = parse(text, { columns: true, skip_empty_lines: true });
    return records.map((record, i) => ({ at: i + 1, record }));
  } catch (e) {
    // The parser's message quotes the cell.
    const { code, lines: line, records } = e as CsvError & { lines?: number; records?: number };
    if (code === undefined) throw e;
    const where =
      code === 'CSV_QUOTE_NOT_CLOSED'
        ? `a quote that opens after row ${records} is never closed`
        : `line ${line}: ${CSV_WORDS[code] ?? `it is no CSV (${code})`}`;
    throw wrong(
      'bad_csv',
      `${name}, ${where}.`,
      'Put a cell that holds quotes, commas or line ends in quotes, and double each quote within it.',
    );
  }
}

/** Reads a labelled file, `.csv` by its headings or JSON Lines. A row with an unknown label ends the run. */
export async function readLabelled(file: string): Promise<DataFile<Row>> {
  const { name, bytes, sha256 } = await read(file);
  const text = utf8TextOf(name, bytes);
  const rows = (isCsv(name) ? foundInCsv : foundInLines)(name, text).map(({ at, record }) => {
    const row = Labelled.safeParse(record);
    if (!row.success)
      throw wrong(
        'bad_row',
        `${name}, row ${at}: ${z.prettifyError(row.error)}`,
        'Correct the row; labels are listed in src/complaint/labels.ts.',
      );
    return { ...row.data, at: `${name}:${at}` };
  });
  return { name, sha256, rows };
}

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) yield* strings(part);
}

/** A line that is not JSON counts as it stands: demo files are broken on purpose here and there. */
function* stringsOfLine(line: string): Generator<string> {
  try {
    yield* strings(JSON.parse(line));
  } catch {
    yield line;
  }
}

/** Every string of a file of messages, whatever its column is called and however broken it is. */
export async function readTexts(file: string): Promise<DataFile<string>> {
  const { name, bytes, sha256 } = await read(file);
  const text = textOf(bytes);
  const rows = isCsv(name)
    ? parse(text, { relax_column_count: true, relax_quotes: true, skip_empty_lines: true }).flat()
    : lines(text).flatMap(({ line }) => [...stringsOfLine(line)]);
  return { name, sha256, rows };
}
