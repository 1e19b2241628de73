import type { Envelope } from '../../complaint/envelope.js';
import { isRedressError } from '../../complaint/errors.js';
import { limit } from '../../complaint/limits.js';
import { readable } from '../csv-text.js';
import type { FileSource } from '../port.js';
import type { FileError } from './file-errors.js';

/** What a file says about its own end. `rows` are those before the trailer. */
export type Trailer =
  | { readonly kind: 'whole'; readonly rows: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'wrong'; readonly says: number; readonly rows: number };

/** Where a file that was cut off stops being readable; any other error is for the import to tell. */
const CUT: readonly FileError[] = ['archive_damaged', 'empty_file'];

function textOf({ raw, format }: Envelope): string {
  const encoding = format.kind === 'csv' ? format.encoding : 'utf-8';
  return readable(raw, encoding).trim();
}

/** Reads a file to its end and compares the count in its last row with the rows before it. */
export async function readTrailer(source: Pick<FileSource, 'read'>, pattern: string): Promise<Trailer> {
  let last: Envelope | undefined;
  try {
    for await (const { envelopes } of source.read(limit('receiptItems'))) last = envelopes.at(-1) ?? last;
  } catch (error) {
    if (isRedressError(error) && CUT.some((code) => code === error.code)) return { kind: 'missing' };
    throw error;
  }
  const count = last && new RegExp(pattern).exec(textOf(last))?.[1];
  if (!last || count === undefined) return { kind: 'missing' };
  const rows = last.position.index - 1;
  const says = Number(count);
  return says === rows ? { kind: 'whole', rows } : { kind: 'wrong', says, rows };
}
