import type { Dialect, Units } from '../csv-row.js';
import { textsOf } from '../csv-text.js';
import { fileError } from './file-errors.js';
import { headingsOf } from './headings.js';
import { splitter } from './split.js';

/** Tried where the feed says `auto`; other ones must be declared. */
export const DELIMITERS = [',', ';', '\t', '|', '^', '\x1f'] as const;
const ROWS_LOOKED_AT = 100;
/** First line of some exports, for spreadsheet programs. */
const SEP = /^"?sep=([^"\r\n])"?[ \t]*(?:\r\n|\n|\r|$)/i;

export type FileDialect = Dialect & {
  /** Whether the first line is `sep=;` and no row. */
  readonly sepLine: boolean;
};

export type DialectWishes = {
  /** One character or `auto`. */
  readonly delimiter: string;
  readonly quotes: boolean;
  /** Columns that the feed maps. */
  readonly mapped: readonly string[];
  /** Of a file without heading row. */
  readonly headings?: readonly string[];
  readonly encoding: string;
  readonly name: string;
};

/** Which line ends the first line has, outside quotes: only CR means a file of CRs. */
function lineEndOf(head: Units): Dialect['lineEnd'] {
  let quoted = false;
  for (let i = 0; i < head.length; i += 1) {
    const unit = head[i];
    if (unit === '"') quoted = !quoted;
    else if (!quoted && unit === '\n') return 'lf';
    else if (!quoted && unit === '\r' && head[i + 1] !== '\n') return 'any';
  }
  return 'lf';
}

type Try = {
  readonly delimiter: string;
  readonly columns: number;
  readonly even: number;
  readonly fits: boolean;
};

/** How a head looks under a delimiter: its columns, the share of rows that have as many, whether the feed fits it. */
function tryOn(head: Units, whole: boolean, dialect: Dialect, wishes: DialectWishes): Try {
  const rows: number[] = [];
  let headings: readonly string[] | undefined = wishes.headings;
  let columns = headings?.length ?? 0;
  for (const { units, cut } of splitter(dialect, 1).push(head, whole)) {
    if (units.trim() === '') continue;
    const cells = cut.kind === 'row' ? cut.cells : [];
    if (cells.length > 0 && cells.every((cell) => cell.trim() === '')) continue;
    if (!headings) {
      headings = headingsOf(textsOf(cells, wishes.encoding) ?? cells);
      columns = cells.length;
    } else rows.push(cells.length);
    if (rows.length === ROWS_LOOKED_AT) break;
  }
  const even = rows.length === 0 ? 1 : rows.filter((n) => n === columns).length / rows.length;
  const fits = wishes.headings ? even > 0 : wishes.mapped.every((m) => headings?.includes(m));
  return { delimiter: dialect.delimiter, columns, even, fits };
}

/**
 * How a file is cut into rows, from its head (units without byte-order mark). A declared delimiter is kept to; `auto`
 * takes the one of a `sep=` line, else the one under which the feed's columns are there, else the one under which most
 * rows have as many cells as the heading. Throws RedressError `delimiter_unclear` where two do equally well.
 */
export function dialectOf(head: Units, whole: boolean, wishes: DialectWishes): FileDialect {
  const { delimiter, quotes, name } = wishes;
  const said = SEP.exec(head)?.[1];
  const base = { quotes, lineEnd: lineEndOf(head), sepLine: said !== undefined };
  if (delimiter !== 'auto') return { ...base, delimiter };
  if (said !== undefined) return { ...base, delimiter: said };
  const tries = DELIMITERS.map((d) => tryOn(head, whole, { ...base, delimiter: d }, wishes));
  const fitting = tries.filter((t) => t.fits && (wishes.mapped.length > 0 || t.columns > 1));
  const able = fitting.length > 0 ? fitting : tries.filter((t) => t.columns > 1);
  const [best, second] = able.toSorted((a, b) => b.even - a.even || b.columns - a.columns);
  if (!best) return { ...base, delimiter: DELIMITERS[0] }; // one column: nothing delimits
  if (second && second.even === best.even && second.columns === best.columns && best.columns > 1)
    throw fileError(
      'delimiter_unclear',
      `${name} could be delimited by ${JSON.stringify(best.delimiter)} or ${JSON.stringify(second.delimiter)}.`,
    );
  return { ...base, delimiter: best.delimiter };
}
