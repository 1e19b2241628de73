import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
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

async function read(file: string): Promise<{ name: string; sha256: string; text: string }> {
  try {
    const bytes = await readFile(file);
    return {
      name: basename(file),
      sha256: hashOf(bytes),
      text: bytes.toString('utf8').replace(/^\uFEFF/, ''),
    };
  } catch (e) {
    throw new RedressError(
      'evaluation',
      'no_data',
      `${file} can't be read (${(e as NodeJS.ErrnoException).code}).`,
      'Run from the root of the project, or give the file by its path.',
      { cause: e },
    );
  }
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

/** Reads a labelled file, `.csv` by its headings or JSON Lines. A row with an unknown label ends the run. */
export async function readLabelled(file: string): Promise<DataFile<Row>> {
  const { name, sha256, text } = await read(file);
  const records: unknown[] = file.endsWith('.csv')
    ? parse(text, { columns: true, skip_empty_lines: true })
    : lines(text).map((line) => JSON.parse(line));
  const rows = records.map((record, i) => {
    const row = Labelled.safeParse(record);
    if (!row.success)
      throw new RedressError(
        'evaluation',
        'bad_row',
        `${name}, row ${i + 1}: ${z.prettifyError(row.error)}`,
        'Correct the row; labels are listed in src/complaint/labels.ts.',
      );
    return { ...row.data, at: `${name}:${i + 1}` };
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
  const { name, sha256, text } = await read(file);
  const rows = file.endsWith('.csv')
    ? parse(text, { relax_column_count: true, relax_quotes: true, skip_empty_lines: true }).flat()
    : lines(text).flatMap((line) => [...stringsOfLine(line)]);
  return { name, sha256, rows };
}
