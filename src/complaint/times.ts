import { compileFormat, type Fields } from './time-format.js';
import { instantOf } from './zones.js';

export { formatProblem } from './time-format.js';

/**
 * - `empty`: no text;
 * - `no_fit`: not written in any of the declared formats;
 * - `no_such_time`: written so, but there is no such day or time (31 February, 25:00, year outside 1900 to 2199, a
 *   number that counts to another century).
 */
export type MomentRefusal = 'empty' | 'no_fit' | 'no_such_time';
export type Moment =
  | { readonly ok: true; readonly at: Date }
  | { readonly ok: false; readonly reason: MomentRefusal };

export type MomentFormat = {
  /**
   * `iso`, a number (`epoch_s`, `epoch_ms`, `excel`), or a pattern: YYYY YY MM M MMM DD D HH H hh h mm ss SSS A Z,
   * [words] in brackets, anything else itself.
   * A list is tried in order and the first that fits is taken: only for a source of which the order is known.
   */
  readonly format: string | readonly string[];
  /** IANA zone of texts that carry no offset of their own. */
  readonly zone: string;
};

/**
 * Reads a time that is written in a declared format; never guesses one. Two-digit years are 1970 to 2069. A time
 * that clocks in `zone` show twice is the first of the two, one that they skip is read with the offset from before
 * the change. A date alone is its first moment in `zone`.
 * Throws RangeError for a format or zone that is wrong in itself (see `formatProblem`).
 */
export function parseMoment(text: string, { format, zone }: MomentFormat): Moment {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: false, reason: 'empty' };
  if (trimmed.length > 100) return { ok: false, reason: 'no_fit' };
  let reason: MomentRefusal = 'no_fit';
  for (const pattern of typeof format === 'string' ? [format] : format) {
    const fields = compileFormat(pattern)(trimmed);
    if (fields === undefined) continue;
    const wall = wallOf(fields);
    if (wall !== undefined) return { ok: true, at: new Date(instant(wall, fields.offset, zone)) };
    reason = 'no_such_time';
  }
  return { ok: false, reason };
}

const instant = (wall: number, offset: number | undefined, zone: string): number =>
  offset === undefined ? instantOf(wall, zone) : wall - offset;

/** The wall clock as if it were UTC, or undefined if a calendar has no such day or a clock no such time. */
function wallOf({ year, month, day, hour, minute, second, ms }: Fields): number | undefined {
  if (year < 1900 || year > 2199 || hour > 23 || minute > 59 || second > 59) return undefined;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const date = new Date(wall);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? wall : undefined;
}
