import type { Range } from './types.js';

/** Dates, times and spans of hours. */
const MOMENT =
  /(?<![\d.:/-])(?:\d{4}-\d{2}-\d{2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}:\d{2}(?::\d{2})?|20\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])|(?:[01]\d|2[0-3])[0-5]\d ?- ?(?:[01]\d|2[0-3])[0-5]\d(?= ?h))(?![\d/-])/g;
const MONEY_BEFORE = /(?:[₦$€£#]|(?<![A-Za-z])(?:N|NGN|USD|UGX|USh|GHS|KES|naira))[ =:]?(?:\d{1,3},)?$|\d,$/i;
const UNIT_AFTER =
  /^ ?(?:,\d{3}|:\d\d|%|(?:naira|ngn|kobo|usd|dollars?|k|m|bytes?|[kmgt]b(?:ps)?|ms|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?|wks?|months?|years?|times|digits?|tries|attempts?|am|pm|km|kwh|dbm?)(?![A-Za-z]))/i;
const TECHNICAL_KEY =
  /(?:bytes?|[kmg]b|size|used|count|time|ts|start|end|begin|date|batch|epoch|amount|total|balance|uptime|cell|eci|enb|tac|lac|port|version|fw|build)["']? ?[=: ] ?["']?$/i;
const TIMESTAMP = /^(?:20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)$/;
const SPACED_AMOUNT = /^[1-9]\d{0,2}(?:[ .]\d{3}){2,}$/;
const DOTTED = /^\d{1,6}(?:\.\d{1,6}){2,}$/;
/** A telephone number with dots: three parts, and long ones. */
const DOTTED_PHONE = /^\d{3,4}\.\d{3,4}\.\d{3,5}$/;
const DECIMAL = /^\d{1,3}\.\d{4,}$/;

/** Where dates and times are in a piece of text. */
export const moments = (text: string): readonly Range[] =>
  [...text.matchAll(MOMENT)].map((m) => ({ start: m.index, end: m.index + m[0].length }));

/** Money, a quantity, or part of either. */
export const isQuantity = (text: string, { start, end }: Range): boolean =>
  MONEY_BEFORE.test(text.slice(Math.max(0, start - 10), start)) || UNIT_AFTER.test(text.slice(end, end + 10));

/** Amounts, hours or days one after the other: they fill a run with digits, but each of them is a number of its own. */
function isList(groups: readonly string[], after: string): boolean {
  if (groups.length < 3) return false;
  if (groups.every((g) => /^[1-9]\d{1,3}0$/.test(g))) return true;
  if (groups.every((g) => /^(?:[01]\d|2[0-3])[0-5]\d$/.test(g)) && /^ ?h/i.test(after)) return true;
  const small = groups.every((g) => g.length <= 2 && Number(g) <= 31);
  return small && !groups[0]?.startsWith('0') && groups.some((g) => g.length === 2);
}

/** Whether these digits, ten or so and with no cue, are something other than somebody's number. */
export function isOther(text: string, range: Range, groups: readonly string[]): boolean {
  const piece = text.slice(range.start, range.end);
  if (isQuantity(text, range) || SPACED_AMOUNT.test(piece) || DECIMAL.test(piece)) return true;
  if (DOTTED.test(piece) && !DOTTED_PHONE.test(piece)) return true;
  if (TIMESTAMP.test(piece)) return true;
  if (TECHNICAL_KEY.test(text.slice(Math.max(0, range.start - 14), range.start))) return true;
  return isList(groups, text.slice(range.end, range.end + 2));
}
