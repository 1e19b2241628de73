import { TextDecoder } from 'node:util';
import type { RawFormat } from '../complaint/envelope.js';
import type { QuarantineReason } from '../complaint/reasons.js';
import { type Cut, cutter, type Units } from './csv-row.js';

/** Encodings of two bytes a unit; all others read here are supersets of ASCII and have one. */
export const isWide = (encoding: string): boolean => encoding === 'utf-16le' || encoding === 'utf-16be';

export function unitsOf(bytes: Buffer, encoding: string): Units {
  if (encoding === 'utf-16le') return bytes.toString('utf16le');
  if (encoding === 'utf-16be') return Buffer.from(bytes).swap16().toString('utf16le');
  return bytes.toString('latin1');
}

/** The bytes that `unitsOf` was given. */
export function bytesOf(units: Units, encoding: string): Buffer {
  if (encoding === 'utf-16le') return Buffer.from(units, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(units, 'utf16le').swap16();
  return Buffer.from(units, 'latin1');
}

/** Bytes 80 to 9F of Windows-1252: TextDecoder of some Node versions takes them for Latin-1 (nodejs/node#60888). */
const WINDOWS = [...'€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'];
const windows1252 = (cell: Units): string =>
  cell.replace(/[\x80-\x9f]/g, (unit) => WINDOWS[unit.charCodeAt(0) - 0x80] as string);

const decoders = new Map<string, TextDecoder>();
const NOT_ASCII = /[\x80-\xff]/;

/** Cells as text; undefined if they are not valid in this encoding. Throws RangeError for one that is unknown. */
export function textsOf(cells: readonly Units[], encoding: string): readonly string[] | undefined {
  if (isWide(encoding)) return cells.every((cell) => cell.isWellFormed()) ? cells : undefined;
  if (encoding === 'windows-1252') return cells.map(windows1252);
  let decoder = decoders.get(encoding);
  if (!decoder) {
    decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    decoders.set(encoding, decoder);
  }
  try {
    return cells.map((cell) =>
      NOT_ASCII.test(cell) ? (decoder as TextDecoder).decode(Buffer.from(cell, 'latin1')) : cell,
    );
  } catch {
    return undefined;
  }
}

/** Any bytes as text, for people: what is not valid is shown as U+FFFD. */
export function readable(bytes: Buffer, encoding: string): string {
  const whole = !isWide(encoding) || bytes.length % 2 === 0;
  const texts = whole ? textsOf([unitsOf(bytes, encoding)], encoding) : undefined;
  return texts?.[0] ?? new TextDecoder(encoding).decode(bytes);
}

export type RowCells =
  /** Trimmed, as many as there are headings. */
  | { readonly cells: readonly string[] }
  | { readonly reason: Extract<QuarantineReason, 'bad_row' | 'bad_encoding'>; readonly detail: string };

/**
 * The cells of a row as its headings want them. Missing ones are empty. Too many are a bad row unless the surplus is
 * empty; a row with a stray quote is taken as it stands only if it has exactly as many cells as there are headings.
 */
export function cellsOfCut(cut: Cut, headings: number, encoding: string): RowCells {
  if (cut.kind === 'open') return { reason: 'bad_row', detail: 'a quote is opened and never closed' };
  const { cells, stray } = cut;
  const texts = textsOf(cells, encoding);
  if (!texts) return { reason: 'bad_encoding', detail: `not valid ${encoding}` };
  const trimmed = texts.map((text) => text.trim());
  if (trimmed.length === headings) return { cells: trimmed };
  const count = `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} under ${headings} headings`;
  if (stray) return { reason: 'bad_row', detail: `a quote in the middle of a cell, and ${count}` };
  if (trimmed.slice(headings).some((text) => text !== '')) return { reason: 'bad_row', detail: count };
  while (trimmed.length < headings) trimmed.push('');
  return { cells: trimmed.slice(0, headings) };
}

type Format = Extract<RawFormat, { kind: 'csv' }>;

/** The cells of one stored row, by the format it was read in. */
export function cellsOfRow(
  bytes: Buffer,
  format: Pick<Format, 'headings' | 'delimiter' | 'quotes'>,
  encoding: string,
): RowCells {
  if (isWide(encoding) && bytes.length % 2 === 1)
    return { reason: 'bad_encoding', detail: `not valid ${encoding}` };
  const dialect = { delimiter: format.delimiter, quotes: format.quotes !== false, lineEnd: 'lf' } as const;
  const cut = cutter(dialect);
  cut.load(unitsOf(bytes, encoding));
  return cellsOfCut(cut.row(0, true) ?? { kind: 'open' }, format.headings.length, encoding);
}
