import { didYouMean } from './nearest.js';

/** `month` and `day` from 1; `offset` in ms east of UTC, where the text has one. */
export type Fields = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  offset?: number;
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const OFFSET = 'Z|[+-](?:0\\d|1[0-4])(?::?[0-5]\\d)?';
/** Token: what it stands for, and the text it matches. */
const TOKENS = {
  YYYY: ['year', '\\d{4}'],
  YY: ['year', '\\d{2}'],
  MMM: ['month', MONTHS.join('|')],
  MM: ['month', '\\d{2}'],
  M: ['month', '\\d{1,2}'],
  DD: ['day', '\\d{2}'],
  D: ['day', '\\d{1,2}'],
  HH: ['hour', '\\d{2}'],
  H: ['hour', '\\d{1,2}'],
  hh: ['hour', '0[1-9]|1[0-2]'],
  h: ['hour', '0?[1-9]|1[0-2]'],
  mm: ['minute', '\\d{2}'],
  ss: ['second', '\\d{2}'],
  SSS: ['ms', '\\d{3}'],
  A: ['half', '[ap]m'],
  Z: ['offset', OFFSET],
} as const;
type Token = keyof typeof TOKENS;
const NAMES = Object.keys(TOKENS) as Token[];
const isToken = (word: string): word is Token => Object.hasOwn(TOKENS, word);

const ISO =
  '(?<year>\\d{4})-(?<month>\\d{2})-(?<day>\\d{2})' +
  `(?:[T ](?<hour>\\d{2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9}))?)? ?(?<offset>${OFFSET})?)?`;

/** Pieces of a pattern: runs of one letter, [literal text], single other characters. */
const split = (pattern: string): string[] => pattern.match(/\[[^\]]*\]|([A-Za-z])\1*|[\s\S]/gu) ?? [];

/** An instant as UTC fields; one that no Date can hold has fields that are NaN, which no calendar has. */
function fieldsAt(ms: number): Fields {
  const at = new Date(Math.round(ms));
  const day = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
  const time = { hour: at.getUTCHours(), minute: at.getUTCMinutes(), second: at.getUTCSeconds() };
  return { ...day, ...time, ms: at.getUTCMilliseconds() };
}

const DAY_MS = 86_400_000;
const SECONDS_FROM = 1e8;
/** 1 March 1900: before it, spreadsheets do not agree on a day, as some of them have a 29 February 1900. */
const SERIALS_FROM = 61;
/**
 * Plain numbers that are times: seconds and milliseconds since 1970 (UTC), and days since 1899-12-30 on the clock of
 * the feed's zone. What lies before `from` (March 1973 in seconds or milliseconds) is another unit, or a zero for "not set".
 */
const NUMBERS: Readonly<Record<string, { readonly from: number; readonly read: (n: number) => Fields }>> = {
  epoch_s: { from: SECONDS_FROM, read: (n) => ({ ...fieldsAt(n * 1_000), offset: 0 }) },
  epoch_ms: { from: SECONDS_FROM * 1_000, read: (n) => ({ ...fieldsAt(n), offset: 0 }) },
  excel: { from: SERIALS_FROM, read: (n) => fieldsAt(Date.UTC(1899, 11, 30) + n * DAY_MS) },
};
/** Formats that are no patterns of tokens. */
const WHOLE = ['iso', ...Object.keys(NUMBERS)];
const numberOf = (pattern: string) => (Object.hasOwn(NUMBERS, pattern) ? NUMBERS[pattern] : undefined);
const NUMBER = /^-?\d{1,20}(?:\.\d{1,20})?$/;

/** What is wrong with a pattern itself, or undefined. */
export function formatProblem(pattern: string): string | undefined {
  if (pattern === 'iso' || numberOf(pattern)) return undefined;
  if (pattern.length > 60) return 'is longer than 60 characters';
  const pieces = split(pattern);
  const words = pieces.filter((p) => /^[A-Za-z]/.test(p));
  const wrong = words.find((w) => !isToken(w));
  if (wrong !== undefined) {
    return `has "${wrong}", which is no token.${didYouMean(wrong, NAMES)} Tokens: ${NAMES.join(' ')}; put other words in [brackets]. Alone stand: ${WHOLE.join(' ')}.`;
  }
  const kinds = words.map((w) => TOKENS[w as Token][0]);
  const twice = kinds.find((kind, i) => kinds.indexOf(kind) !== i);
  if (twice !== undefined) return `has more than one token for the ${twice}`;
  const lacks = (['year', 'month', 'day'] as const).find((kind) => !kinds.includes(kind));
  if (lacks !== undefined) return `has no token for the ${lacks}`;
  if (/^h/.test(words.find((w) => w.toLowerCase().startsWith('h')) ?? '') !== words.includes('A')) {
    return 'must have h or hh together with A, H or HH without it';
  }
  for (const [small, large] of [
    ['minute', 'hour'] as const,
    ['second', 'minute'] as const,
    ['ms', 'second'] as const,
  ]) {
    if (kinds.includes(small) && !kinds.includes(large))
      return `has a token for the ${small} but none for the ${large}`;
  }
  const loose = pieces.findIndex((p, i) => ['M', 'D', 'H', 'h'].includes(p) && isToken(pieces[i + 1] ?? ''));
  // "111" as DM could be 1/11 or 11/1.
  return loose < 0
    ? undefined
    : `needs something between ${pieces[loose]} and ${pieces[loose + 1]}, as ${pieces[loose]} has one or two digits`;
}

const literal = (text: string): string =>
  text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(' ', '[ \\u00a0\\u202f]');

function expression(pattern: string): RegExp {
  if (pattern === 'iso') return new RegExp(`^${ISO}$`, 'i');
  const source = split(pattern).map((piece) => {
    if (isToken(piece)) return `(?<${TOKENS[piece][0]}>${TOKENS[piece][1]})`;
    return literal(piece.startsWith('[') && piece.length > 1 ? piece.slice(1, -1) : piece);
  });
  return new RegExp(`^${source.join('')}$`, 'i');
}

type Reader = (text: string) => Fields | undefined;
const readers = new Map<string, Reader>();

/** A reader of one pattern; undefined where the text is not written so. Throws RangeError for a wrong pattern. */
export function compileFormat(pattern: string): Reader {
  const known = readers.get(pattern);
  if (known) return known;
  const problem = formatProblem(pattern);
  if (problem !== undefined) throw new RangeError(`The time format "${pattern}" ${problem}`);
  const number = numberOf(pattern);
  const reader = number ? numberReader(number) : patternReader(pattern);
  readers.set(pattern, reader);
  return reader;
}

const numberReader =
  ({ from, read }: (typeof NUMBERS)[string]): Reader =>
  (text) =>
    NUMBER.test(text) ? read(Number(text) < from ? Number.NaN : Number(text)) : undefined;

function patternReader(pattern: string): Reader {
  const shape = expression(pattern);
  return (text) => {
    const groups = shape.exec(text)?.groups;
    return groups && fieldsOf(groups);
  };
}

function fieldsOf(of: Record<string, string | undefined>): Fields {
  const { year = '', month = '', half, offset, fraction = '' } = of;
  const hour = Number(of.hour ?? 0);
  const named = MONTHS.indexOf(month.toLowerCase());
  const fields = {
    year: Number(year) + (year.length > 2 ? 0 : Number(year) < 70 ? 2000 : 1900),
    month: named < 0 ? Number(month) : named + 1,
    day: Number(of.day),
    hour: half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0),
    minute: Number(of.minute ?? 0),
    second: Number(of.second ?? 0),
    ms: Number(of.ms ?? fraction.slice(0, 3).padEnd(3, '0')),
  };
  return offset === undefined ? fields : { ...fields, offset: offsetOf(offset) };
}

/** `Z`, `+01:00`, `+0100`, `+01` in ms. */
function offsetOf(text: string): number {
  if (/^z$/i.test(text)) return 0;
  const digits = text.replace(/\D/g, '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}
