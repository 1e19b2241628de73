import { limit } from '../../complaint/limits.js';
import { type Cut, cutter, type Dialect, type Units } from '../csv-row.js';

/** One row as it stood in a file, blank ones too. */
export type RawRow = {
  /** Without the line end; of a `long` row its beginning. */
  readonly units: Units;
  /** 1-based number of its first physical line. */
  readonly line: number;
  /** Physical lines it covers. */
  readonly lines: number;
  readonly cut:
    | Cut
    /** A single line longer than LIMITS.rowBytes, of this many units. */
    | { readonly kind: 'long'; readonly length: number };
};

export type Splitter = {
  /** The rows that are complete with these units. The last call says `last`. */
  push(units: Units, last: boolean): Generator<RawRow>;
};

/**
 * Splits a stream of units into rows and holds no more than one row of LIMITS.rowBytes. Where a quote is never closed
 * the row is its first physical line, and the next row begins with the next line: what it swallowed is given back.
 */
export function splitter(dialect: Dialect, bytesPerUnit: 1 | 2): Splitter {
  const cut = cutter(dialect);
  const longest = limit('rowBytes') / bytesPerUnit;
  const kept = limit('rawBytes') / bytesPerUnit;
  let window: Units = '';
  let at = 0;
  let line = 1;
  /** The long line that is being passed over. */
  let long: { head: Units; length: number; lines: number } | undefined;

  function* push(units: Units, last: boolean): Generator<RawRow> {
    window = window.slice(at) + units;
    cut.load(window);
    at = 0;
    while (at < window.length) {
      const row = long ? pass(last) : next(last);
      if (!row) return;
      line += row.lines;
      yield row;
    }
  }

  function linesTo(next: number): number {
    const ends = cut.lineEnds(at, next);
    const last = window[next - 1];
    return next === window.length && last !== '\n' && last !== '\r' ? ends + 1 : ends;
  }

  function next(last: boolean): RawRow | undefined {
    const found = cut.row(at, last);
    if (found?.kind === 'row' && found.end - at <= longest) return take(found, found.end, found.next);
    // Whether a row is too long must not depend on how the stream is chunked; 2: a CR LF that is not all there.
    if (!found && window.length - at <= longest + 2) return undefined;
    const stop = cut.line(at, last);
    if (stop && stop.end - at <= longest) return take({ kind: 'open' }, stop.end, stop.next);
    long = { head: window.slice(at, at + kept), length: 0, lines: 0 };
    return pass(last);
  }

  function take(found: Cut, end: number, next: number): RawRow {
    const row = { units: window.slice(at, end), line, lines: linesTo(next), cut: found };
    at = next;
    return row;
  }

  /** On to the end of a long line, keeping only how long it is. */
  function pass(last: boolean): RawRow | undefined {
    if (!long) return undefined;
    const stop = cut.line(at, last);
    if (!stop) {
      const to = window.length - 1; // the last unit may be the CR of a CR LF
      long.length += to - at;
      long.lines += cut.lineEnds(at, to);
      at = to;
      return undefined;
    }
    const { head, length, lines } = long;
    long = undefined;
    const row: RawRow = {
      units: head,
      line,
      lines: lines + linesTo(stop.next),
      cut: { kind: 'long', length: length + stop.end - at },
    };
    at = stop.next;
    return row;
  }

  return { push };
}
