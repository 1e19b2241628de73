import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parseDocument } from 'yaml';
import { RedressError } from '../src/complaint/errors.js';
import { encodingOfWhole } from '../src/sources/call-log/encoding.js';
import { createUtf8Check } from '../src/sources/call-log/utf8.js';
import { readable } from '../src/sources/csv-text.js';
import { type GuessedColumn, guessMapping, type Sample } from './guess.js';
import { printable } from './width.js';

/** Name of the feed that a guessed mapping becomes. */
export const OWN_FEED = 'own_file';

const HEAD_BYTES = 1024 * 1024;
const SAMPLE_ROWS = 200;
const DELIMITERS = [',', ';', '\t', '|'] as const;

export type OwnFile = {
  readonly path: string;
  readonly columns: readonly GuessedColumn[];
  readonly delimiter: string;
  readonly encoding: 'utf-8' | 'windows-1252';
};

const fail = (code: string, problem: string, fix: string): RedressError =>
  new RedressError('demo', code, problem, fix);

/** The first MiB, as bytes. Throws RedressError for what cannot be read or surely is no CSV. */
export function readHead(file: string, cwd: string): { path: string; head: Buffer; whole: boolean } {
  const path = resolve(cwd, file);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT' ? `There is no file ${path}.` : `${path} can't be opened (${String(code)}).`;
    throw fail('file_unreadable', problem, 'Name a CSV file that this user may read.');
  }
  try {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw fail('file_unreadable', `${path} is a folder.`, 'Name a CSV file.');
    const buffer = Buffer.alloc(HEAD_BYTES);
    const head = buffer.subarray(0, readSync(descriptor, buffer, 0, HEAD_BYTES, 0));
    if (head.length === 0)
      throw fail('empty_file', `${path} is empty.`, 'Name a file with a heading and rows.');
    const excel = head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004';
    if (excel || head.includes(0)) {
      const what = excel ? 'a spreadsheet or other ZIP file' : 'no text in UTF-8 or a one-byte encoding';
      throw fail('not_csv', `${path} is ${what}, not a CSV.`, 'Save it as "CSV UTF-8", then name that file.');
    }
    return { path, head, whole: stat.size <= head.length };
  } finally {
    closeSync(descriptor);
  }
}

/** By the rule of the import; what the end of the head cuts off says nothing. */
function decode(head: Buffer, whole: boolean): { text: string; encoding: OwnFile['encoding'] } {
  const check = createUtf8Check();
  check.add(head);
  const count = check.end();
  const encoding = encodingOfWhole(whole ? count : { ...count, cut: 0 });
  return { text: readable(head, encoding), encoding };
}

/** Headings and first rows under the delimiter that gives the most columns; a row that the head cut is left out. */
function sampleOf(text: string, whole: boolean, name: string): Sample & { delimiter: string } {
  const complete = whole ? text : text.slice(0, text.lastIndexOf('\n') + 1);
  const tries = DELIMITERS.map((delimiter) => {
    let records: string[][] = [];
    try {
      records = parse(complete, {
        delimiter,
        to: SAMPLE_ROWS + 1,
        relax_quotes: true,
        relax_column_count: true,
        skip_empty_lines: true,
      });
    } catch {
      // a quote that is never closed: no table by this delimiter
    }
    const [headings = [], ...rows] = records;
    const fitting = rows.filter((row) => row.length === headings.length);
    return { delimiter, headings: headings.map((h) => h.trim()), rows, fitting };
  });
  const best = tries
    .filter((t) => t.rows.length > 0 && t.fitting.length * 2 >= t.rows.length)
    .sort((a, b) => b.headings.length - a.headings.length)[0];
  if (!best) {
    const problem = `${name} is no CSV with a heading and rows: its lines do not have the cells of the first one.`;
    throw fail('not_csv', problem, 'Save it as CSV with a heading, or declare a feed and name it by --feed.');
  }
  return { delimiter: best.delimiter, headings: best.headings, rows: best.fitting };
}

const quoted = (names: readonly string[]): string =>
  names.map((n) => `"${printable(n).slice(0, 40)}"`).join(', ');

/** Looks at the user's file and guesses a mapping. Throws RedressError where the file or its text column is unclear. */
export function guessOwnFile(file: string, cwd: string): OwnFile {
  const { path, head, whole } = readHead(file, cwd);
  const { text, encoding } = decode(head, whole);
  const name = basename(path);
  const sample = sampleOf(text.replace(/^\ufeff/, ''), whole, name);
  const guess = guessMapping(sample);
  if (guess.kind === 'unclear') {
    const columns = quoted(sample.headings.slice(0, 20));
    throw fail(
      'no_text_column',
      `${printable(guess.problem)} The columns of ${printable(name)} are ${columns}.`,
      'Declare a feed with its mapping in config/sources.yaml (call_centre there is an example) and name it: --feed NAME.',
    );
  }
  return { path, columns: guess.columns, delimiter: sample.delimiter, encoding };
}

/** A sources.yaml with one feed more, for the guessed file; what it said before stays as it is. */
export function withOwnFeed(sourcesYaml: string, { columns, delimiter, encoding }: OwnFile): string {
  const document = parseDocument(sourcesYaml, { schema: 'failsafe' });
  const mapping = Object.fromEntries(columns.map(({ field, column }) => [field, column]));
  const sign = delimiter === '\t' ? 'tab' : delimiter;
  document.setIn(['feeds', OWN_FEED], { source: 'call_log', delimiter: sign, encoding, mapping });
  return document.toString({ defaultStringType: 'QUOTE_DOUBLE', lineWidth: 0 });
}
