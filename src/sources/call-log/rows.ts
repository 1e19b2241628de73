import { isWide, unitsOf } from '../csv-text.js';
import type { FileDialect } from './dialect.js';
import { splitter, type RawRow } from './split.js';

/** How the content of one file is read: found once by `openFile`, the same for every reading of it. */
export type Shape = {
  readonly dialect: FileDialect;
  readonly encoding: string;
  /** Length of the byte-order mark. */
  readonly bom: number;
  /** Whether the first row that is not blank holds the headings. */
  readonly headingRow: boolean;
};

/** Units of a content without its byte-order mark, in pieces. */
export async function* unitsIn(
  content: AsyncIterable<Buffer>,
  { encoding, bom }: Pick<Shape, 'encoding' | 'bom'>,
): AsyncGenerator<string> {
  const wide = isWide(encoding);
  let skip = bom;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of content) {
    let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const skipped = Math.min(skip, bytes.length);
    bytes = bytes.subarray(skipped);
    skip -= skipped;
    const odd = wide ? bytes.length % 2 : 0;
    rest = bytes.subarray(bytes.length - odd);
    if (bytes.length > odd) yield unitsOf(bytes.subarray(0, bytes.length - odd), encoding);
  }
}

/** A row in which nothing stands: spreadsheet programs leave many at the end. */
export const isBlank = ({ units, cut }: RawRow): boolean =>
  cut.kind === 'row' && (units.trim() === '' || cut.cells.every((cell) => cell.trim() === ''));

export type Stretch = {
  /** Rows of data, in order; blank ones, the headings and a `sep=` line are left out. */
  readonly rows: readonly RawRow[];
  /** The headings' row, once. */
  readonly headings?: RawRow;
  /** Physical lines passed so far, with everything that was left out. */
  readonly lines: number;
};

/** Reads a content from its beginning, a stretch per piece of it. */
export async function* stretchesOf(content: AsyncIterable<Buffer>, shape: Shape): AsyncGenerator<Stretch> {
  const split = splitter(shape.dialect, isWide(shape.encoding) ? 2 : 1);
  let awaited = shape.headingRow;
  let lines = 0;
  function stretch(units: string, last: boolean): Stretch {
    const rows: RawRow[] = [];
    let headings: RawRow | undefined;
    for (const row of split.push(units, last)) {
      const first = lines === 0;
      lines += row.lines;
      if ((first && shape.dialect.sepLine) || isBlank(row)) continue;
      if (awaited) headings = row;
      else rows.push(row);
      awaited = false;
    }
    return { rows, lines, ...(headings ? { headings } : {}) };
  }
  for await (const units of unitsIn(content, shape)) yield stretch(units, false);
  yield stretch('', true);
}
