import { readingsOf } from '../sources/call-log/dates-candidates.js';

export const CELL_KINDS = ['number', 'phone', 'date', 'email', 'text'] as const;
export type CellKind = (typeof CELL_KINDS)[number];

/** What is kept of a column: counts and lengths, no value that could be read back. */
export type ColumnProfile = {
  readonly name: string;
  /** Rows of the run, and how many of them have something in this column. */
  readonly rows: number;
  readonly filled: number;
  /** Characters, of filled cells; within a tenth or so. */
  readonly length: { readonly p50: number; readonly p95: number };
  /** Of the cells that were looked at. */
  readonly looked: number;
  readonly kinds: Readonly<Record<CellKind, number>>;
  /** Date formats that fit nearly all dates of the column; several where the order is open. */
  readonly dates: readonly string[];
  /** Columns with few different values only: 16-bit hashes of them, too short to tell a value. */
  readonly values: readonly number[];
};

const FEW_VALUES = 32;
const PHONE = /^(?:\+\d|0\d)[\d\s().-]{5,20}$/;
const NUMBER = /^[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:[.,]\d+)?$/;
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@]{2,24}$/;

/** A leading zero makes a phone number of a number: a spreadsheet that drops it is a change worth telling. */
function kindOf(cell: string, isDate: boolean): CellKind {
  if (cell.length > 200) return 'text';
  if (PHONE.test(cell) && !isDate) return 'phone';
  if (NUMBER.test(cell)) return 'number';
  if (isDate) return 'date';
  return EMAIL.test(cell) ? 'email' : 'text';
}

/** FNV-1a folded to 16 bits. */
function shortHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return ((hash >>> 16) ^ hash) & 0xffff;
}

/** Exact to 16, then eight steps to each doubling. */
const bucketOf = (length: number): number =>
  length <= 16 ? length : 16 + Math.floor(Math.log2(length / 16) * 8);
const lengthOf = (bucket: number): number =>
  bucket <= 16 ? bucket : Math.round(16 * 2 ** ((bucket - 16) / 8));

function quantile(histogram: readonly number[], share: number): number {
  const total = histogram.reduce((a, b) => a + (b ?? 0), 0);
  let left = total * share;
  for (const [bucket, n] of histogram.entries()) {
    left -= n ?? 0;
    if (n && left <= 0) return lengthOf(bucket);
  }
  return 0;
}

/** Takes the cells of one column; `look` asks for its kind too, which costs more than its length. */
export function columnProfiler(name: string) {
  const kinds: Record<CellKind, number> = { number: 0, phone: 0, date: 0, email: 0, text: 0 };
  const formats = new Map<string, number>();
  const values = new Set<number>();
  const lengths: number[] = new Array(200).fill(0);
  let filled = 0;
  let looked = 0;
  return {
    add(cell: string, look: boolean): void {
      if (cell === '') return;
      filled += 1;
      const bucket = Math.min(bucketOf(cell.length), lengths.length - 1);
      lengths[bucket] = (lengths[bucket] ?? 0) + 1;
      if (!look) return;
      looked += 1;
      const readings = readingsOf(cell);
      kinds[kindOf(cell, readings.length > 0)] += 1;
      for (const { format } of readings) formats.set(format, (formats.get(format) ?? 0) + 1);
      if (values.size <= FEW_VALUES) values.add(shortHash(cell.slice(0, 64).toLowerCase()));
    },
    finish: (rows: number): ColumnProfile => ({
      name,
      rows,
      filled,
      length: { p50: quantile(lengths, 0.5), p95: quantile(lengths, 0.95) },
      looked,
      kinds,
      dates: [...formats]
        .filter(([, n]) => n >= kinds.date * 0.95 && n * 2 >= looked)
        .map(([format]) => format)
        .sort(),
      values: values.size > FEW_VALUES ? [] : [...values].sort((a, b) => a - b),
    }),
  };
}
