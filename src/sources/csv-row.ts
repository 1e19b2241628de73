import { limit } from '../complaint/limits.js';

/**
 * Rows are cut and split in *units*: a string with one character per byte (of an encoding in which delimiters, quotes
 * and line ends are single ASCII bytes), or per UTF-16 code unit. It gives back exactly the bytes it was made of.
 */
export type Units = string;

export type Dialect = {
  /** One character. */
  readonly delimiter: string;
  /** Whether `"` begins a quoted cell; without it a quote is a character like any other. */
  readonly quotes: boolean;
  /** `lf`: LF and CR LF end a row, a lone CR is content. `any`: CR ends one too. */
  readonly lineEnd: 'lf' | 'any';
};

/** Where a row or line stops without its line end, and where the next one begins. */
export type Stop = { readonly end: number; readonly next: number };

export type Cut =
  /** `stray`: a quote stands where none may stand, taken as a character. */
  | ({ readonly kind: 'row'; readonly cells: readonly Units[]; readonly stray: boolean } & Stop)
  /** A quote that is never closed, or only after an absurd stretch, or some lines further on in mid cell. */
  | { readonly kind: 'open' };

export type Cutter = {
  /** The units that positions are in from now on. */
  load(units: Units): void;
  /** The row at `at`; undefined if the units end before it does and more may come (`last` false). */
  row(at: number, last: boolean): Cut | undefined;
  /** The physical line at `at`, whatever its quotes; undefined likewise. */
  line(at: number, last: boolean): Stop | undefined;
  /** Line ends (LF, CR LF, CR) from `from` up to `to`. */
  lineEnds(from: number, to: number): number;
};

const LF = '\n';
const CR = '\r';
const QUOTE = '"';
const NONE = Number.POSITIVE_INFINITY;

/** Cuts rows off units. Remembers where the next quote and line ends are, as looking for them is the work. */
export function cutter({ delimiter, quotes, lineEnd }: Dialect): Cutter {
  let window = '';
  const lfs = { character: LF, from: 0, found: -1 };
  const crs = { character: CR, from: 0, found: -1 };
  const marks = { character: QUOTE, from: 0, found: -1 };

  /** First position of a character at or after `at`. */
  function find(known: typeof lfs, at: number): number {
    if (at < known.from || at > known.found) {
      const found = window.indexOf(known.character, at);
      known.from = at;
      known.found = found < 0 ? NONE : found;
    }
    return known.found;
  }

  function line(at: number, last: boolean): Stop | undefined {
    const lf = find(lfs, at);
    const cr = lineEnd === 'any' ? find(crs, at) : NONE;
    if (lf === NONE && cr === NONE) {
      if (!last) return undefined;
      const half = window.length > at && window.endsWith(CR) ? 1 : 0; // of a CR LF that was cut off
      return { end: window.length - half, next: window.length };
    }
    if (lf < cr)
      return { end: lineEnd === 'lf' && lf > at && window[lf - 1] === CR ? lf - 1 : lf, next: lf + 1 };
    if (cr + 1 === window.length && !last) return undefined; // its LF may come
    return { end: cr, next: lf === cr + 1 ? cr + 2 : cr + 1 };
  }

  function lineEnds(from: number, to: number): number {
    let n = 0;
    for (let at = find(lfs, from); at < to; at = find(lfs, at + 1)) n += 1;
    for (let at = find(crs, from); at < to; at = find(crs, at + 1)) if (window[at + 1] !== LF) n += 1;
    return n;
  }

  /** Ends of rows in a stretch, were it not quoted. */
  function breaks(from: number, to: number): number {
    if (lineEnd === 'any') return lineEnds(from, to);
    let n = 0;
    for (let at = find(lfs, from); at < to; at = find(lfs, at + 1)) n += 1;
    return n;
  }

  /** The quote that closes the one at `open`: not doubled. Undefined if it did not come, or what follows it did not. */
  function closing(open: number, last: boolean): number | undefined {
    for (let at = open + 1; ; at += 2) {
      at = window.indexOf(QUOTE, at);
      if (at < 0) return undefined;
      if (window[at + 1] === QUOTE) continue;
      const known = window[at + 1] === CR ? at + 2 : at + 1;
      return known < window.length || last ? at : undefined;
    }
  }

  /** A row with quotes, cell by cell. */
  function quoted(start: number, last: boolean): Cut | undefined {
    const cells: Units[] = [];
    let stray = false;
    for (let at = start; ; ) {
      let from = at; // where to look for the end of the cell
      if (window[at] === QUOTE) {
        const close = closing(at, last);
        if (close === undefined) return last ? { kind: 'open' } : undefined;
        const lines = breaks(at, close);
        if (lines >= limit('quotedLines')) return { kind: 'open' };
        const cell = window.slice(at + 1, close).replaceAll('""', QUOTE);
        if (window[close + 1] === delimiter) {
          cells.push(cell);
          at = close + 2;
          continue;
        }
        const stop = line(close + 1, last);
        if (stop?.end === close + 1) return { kind: 'row', cells: [...cells, cell], stray, ...stop };
        // Closed in mid cell. Over several lines those are the quotes of two rows, in one line just characters.
        if (lines > 0) return { kind: 'open' };
        stray = true;
        from = close + 1;
      }
      const stop = line(from, last);
      const delimited = window.indexOf(delimiter, from);
      const more = delimited >= 0 && delimited < (stop?.end ?? window.length);
      if (!more && !stop) return undefined;
      const cell = window.slice(at, more ? delimited : stop?.end);
      stray ||= cell.includes(QUOTE);
      cells.push(cell);
      if (!more) return { kind: 'row', cells, stray, ...(stop as Stop) };
      at = delimited + 1;
    }
  }

  return {
    load(units) {
      window = units;
      lfs.found = crs.found = marks.found = -1;
    },
    row(at, last) {
      const stop = line(at, last);
      if (quotes && find(marks, at) < (stop?.end ?? NONE)) return quoted(at, last);
      return (
        stop && { kind: 'row', cells: window.slice(at, stop.end).split(delimiter), stray: false, ...stop }
      );
    },
    line,
    lineEnds,
  };
}
