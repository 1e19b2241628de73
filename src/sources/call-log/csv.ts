import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'csv-parse';
import type { Source } from '../../complaint/aligned.js';
import type { Envelope, Identity } from '../../complaint/envelope.js';
import { RedressError } from '../../complaint/errors.js';
import { base32, hashParts } from '../../complaint/ids.js';
import { limit } from '../../complaint/limits.js';
import type { FileSource, SourceBatch, SourceCensus } from '../port.js';
import { census, LineCounter } from './census.js';

/** How rows are told apart, as the feed says (law 4). */
export type RowIdentity =
  | { readonly kind: 'columns'; readonly columns: readonly string[] }
  | { readonly kind: 'content' }
  | { readonly kind: 'position' };

export type CsvOptions = {
  readonly path: string;
  readonly feed: string;
  readonly source: Source;
  readonly delimiter: string;
  readonly encoding: string;
  readonly identity: RowIdentity;
  /** Columns that the feed maps: all must be in the heading, or the file is not what the feed says. */
  readonly mapped: readonly string[];
};

type Parsed = { readonly record: string[]; readonly raw: string };

const fail = (code: string, problem: string, fix: string, cause?: unknown): RedressError =>
  new RedressError('import', code, problem, fix, { cause });

function unreadable(path: string, code: string | undefined, cause: unknown): RedressError {
  const problem = code === 'EISDIR' ? `${path} is a folder.` : `${path} can't be read (${code}).`;
  return fail('file_unreadable', problem, 'Name a CSV file that this user may read.', cause);
}

/** Headings as they stand, empty and repeated ones told apart by their position. */
function headingsOf(cells: readonly string[]): string[] {
  const seen = new Set<string>();
  return cells.map((cell, i) => {
    const name = cell.trim();
    const free = name !== '' && !seen.has(name) ? name : `${name || 'column'}_${i + 1}`;
    seen.add(free);
    return free;
  });
}

/**
 * A call-centre CSV, row by row. Bytes are read one to one (latin1) and decoded cell by cell at alignment, so that
 * the raw piece is exact and one badly encoded row does not stop its neighbours.
 */
export function csvSource(options: CsvOptions, counted: SourceCensus): FileSource {
  const { path, feed, source, delimiter, encoding, identity } = options;
  const name = basename(path);
  const of = `${name} sha256:${counted.sha256.slice(0, 16)}`;
  const occurrences = new Map<string, number>();
  let covered = 0;

  function identityOf(content: readonly string[], row: ReadonlyMap<string, string>, index: number): Identity {
    if (identity.kind === 'position') return { kind: 'sender', space: 'position', value: `${name}:${index}` };
    if (identity.kind === 'columns') {
      const key = identity.columns.map((c) => row.get(c) ?? '');
      // An empty id is no id: such rows are told apart by their content.
      if (key.every((cell) => cell !== ''))
        return { kind: 'sender', space: identity.columns.join('\n'), value: key.join('\n') };
    }
    const hash = base32(hashParts(content).subarray(0, 15));
    const occurrence = occurrences.get(hash) ?? 0;
    occurrences.set(hash, occurrence + 1);
    return { kind: 'row', occurrence };
  }

  function envelopeOf(
    { record, raw }: Parsed,
    headings: readonly string[],
    index: number,
    line: number,
  ): Envelope {
    const row = new Map(headings.map((h, i) => [h, (record[i] ?? '').trim()]));
    const extra = record.slice(headings.length);
    const content = [...[...row].sort(([a], [b]) => (a < b ? -1 : 1)).flat(), ...extra];
    const text = raw.replace(/^[\r\n]+/, '').replace(/\r?\n$|\r$/, '');
    const bytes = Buffer.from(text, 'latin1');
    const tooLarge = bytes.length > limit('rawBytes');
    return {
      feed,
      source,
      identity: identityOf(content, row, index),
      content,
      raw: tooLarge ? bytes.subarray(0, limit('rawBytes')) : bytes,
      format: { kind: 'csv', headings, delimiter },
      position: { kind: 'file', of, index, line },
      ...(tooLarge ? { reason: { code: 'too_large' as const, detail: `${bytes.length} bytes` } } : {}),
    };
  }

  function checkHeadings(cells: readonly string[]): string[] {
    const decoder = new TextDecoder(encoding, { ignoreBOM: true });
    const headings = headingsOf(cells.map((c) => decoder.decode(Buffer.from(c, 'latin1'))));
    const absent = options.mapped.filter((m) => !headings.includes(m));
    if (absent.length === 0) return headings;
    throw fail(
      'headings_do_not_fit',
      `${name} has no column "${absent.join('", "')}"; its columns are "${headings.join('", "').slice(0, 500)}".`,
      `Correct the mapping of feed ${feed} in config/sources.yaml, or name the right feed.`,
    );
  }

  return {
    linesCovered: () => covered,
    census: async () => counted,
    async *read(size): AsyncIterable<SourceBatch> {
      const file = createReadStream(path);
      const parser = file.pipe(
        parse({
          delimiter,
          encoding: 'latin1',
          bom: true,
          raw: true,
          info: true,
          relax_quotes: true,
          relax_column_count: true,
        }),
      );
      file.on('error', (error) => parser.destroy(error)); // pipe() does not hand errors on
      let headings: string[] | undefined;
      let batch: Envelope[] = [];
      let index = 0;
      const passed = new LineCounter();
      const flush = (): SourceBatch => {
        const rows = { from: index - batch.length + 1, to: index };
        const full = { envelopes: batch, rows };
        batch = [];
        return full;
      };
      try {
        for await (const parsed of parser as AsyncIterable<Parsed>) {
          const begin = passed.lines + 1;
          passed.add(Buffer.from(parsed.raw, 'latin1'));
          if (parsed.raw.trim() === '') continue; // a blank line is counted, but is no row
          if (!headings) {
            headings = checkHeadings(parsed.record);
            continue;
          }
          index += 1;
          batch.push(envelopeOf(parsed, headings, index, begin));
          if (batch.length >= size) yield flush();
        }
      } catch (error) {
        if (batch.length > 0) yield flush();
        const { code, syscall } = error as { code?: string; syscall?: string };
        if (syscall !== undefined) throw unreadable(path, code, error);
        if (code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
        const problem = `${name} has a quote that is never closed, in the row that begins at or after line ${passed.lines + 1}; that row and what follows were not read.`;
        throw fail(
          'quote_not_closed',
          problem,
          'Correct the line and import again: rows that are in are `repeated`.',
          error,
        );
      } finally {
        file.destroy();
      }
      if (batch.length > 0) yield flush();
      if (!headings)
        throw fail('empty_file', `${name} is empty.`, 'Nothing was imported; ask the sender for the file.');
      covered = passed.lines;
    },
  };
}

/** Opens a CSV file of a feed; counts it first with the second reader. */
export async function openCsv(options: CsvOptions): Promise<FileSource> {
  let counted: SourceCensus;
  try {
    counted = await census(options.path);
  } catch (error) {
    throw unreadable(options.path, (error as NodeJS.ErrnoException).code, error);
  }
  return csvSource(options, counted);
}
