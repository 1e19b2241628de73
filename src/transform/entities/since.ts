import { momentOf, type Said } from './calendar.js';
import { foreignNumber, smallNumber } from './numbers.js';
import {
  AFTER_SINCE,
  DAY_WORDS,
  LASTS_AFTER,
  LASTS_BEFORE,
  MONTHS,
  PARTS,
  SINCE,
  TERM_AFTER,
  TERM_BEFORE,
  TO_COME,
  UNITS,
  UNITS_BEFORE,
  WEEKDAYS,
  YORUBA_DAYS,
} from './time-words.js';
import { said, type Token, type Words } from './tokens.js';
import type { Since } from '../../complaint/entities.js';
import type { EntityContext } from './types.js';

/** What was read, and its last word. */
type Read = { readonly said: Said; readonly to: number };
/** `rank`: the smaller, the surer that the trouble began then. */
type Found = Read & { readonly from: number; readonly rank: number };

const DATE_GAP = /^[/.-]$/;
const FILLERS = new Set('the like about around as at on of that this early late from'.split(' '));
/** Words that can begin or be a time; a text without one, or without a digit, is not looked at. */
const CUES =
  /\d| (?:since|sinc|snce|sins|tun|lati|kemgbe|kamgbe|start\w+|for|past|last|now|yes\w+day|yday|ystday|yesternight|today|2day|jiya|shekaranjiya|unyaahu|yau|ijeta|kwana\w*|sati|mako\w*|wata\w*|ojo|ose|osu|ubochi|izu|onwa|on|this|upper|weeks?|days?|months?|hours?|reach|ago) /;

const fold = (tokens: readonly Token[], at: number): string => tokens[at]?.fold ?? '';

function clockAt(tokens: readonly Token[], at: number): Read | undefined {
  const word = fold(tokens, at);
  if (word === 'midnight') return { said: { kind: 'clock', minutes: 0 }, to: at };
  if (word === 'noon') return { said: { kind: 'clock', minutes: 720 }, to: at };
  const head = /^(\d{1,2})(am|pm)?$/.exec(word);
  if (!head) return undefined;
  let to = at;
  let half = head[2];
  let minutes = 0;
  const colon = tokens[at + 1]?.gap === ':';
  const tail =
    !half && /^[:.]$/.test(tokens[at + 1]?.gap ?? '') && /^(\d{2})(am|pm)?$/.exec(fold(tokens, at + 1));
  if (tail) {
    to++;
    minutes = Number(tail[1]);
    half = tail[2];
  }
  const next = fold(tokens, to + 1);
  if (!half && (next === 'am' || next === 'pm')) {
    half = next;
    to++;
  }
  const hour = Number(head[1]);
  if (minutes > 59 || hour > (half ? 12 : 23) || (!half && !(tail && colon))) return undefined;
  const from = half ? (hour % 12) + (half === 'pm' ? 12 : 0) : hour;
  return { said: { kind: 'clock', minutes: from * 60 + minutes }, to };
}

/** Day first, as it is written where English is not American; month first only where nothing else can be. */
function numericDateAt(tokens: readonly Token[], at: number): Read | undefined {
  const joined = (i: number) => DATE_GAP.test(tokens[i]?.gap ?? '') && /^\d{1,4}$/.test(fold(tokens, i));
  if (!/^\d{1,4}$/.test(fold(tokens, at)) || !joined(at + 1)) return undefined;
  const third = joined(at + 2);
  if (!third && tokens[at + 1]?.gap !== '/') return undefined;
  const parts = [at, at + 1, ...(third ? [at + 2] : [])].map((i) => fold(tokens, i));
  const [a = 0, b = 0, c] = parts.map(Number);
  const to = third ? at + 2 : at + 1;
  if (parts[0]?.length === 4)
    return c === undefined ? undefined : { said: { kind: 'date', day: c, month: b, year: a }, to };
  if (parts.slice(0, 2).some((p) => p.length > 2)) return undefined;
  const [day, month] = b > 12 && a <= 12 ? [b, a] : [a, b];
  if (month > 12 || day > 31 || day === 0 || month === 0) return undefined;
  return {
    said: { kind: 'date', day, month, ...(c === undefined ? {} : { year: c < 100 ? 2000 + c : c }) },
    to,
  };
}

const dayOfMonth = (word: string): number | undefined => {
  const [, digits] = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(word) ?? [];
  const day = Number(digits);
  return day >= 1 && day <= 31 ? day : undefined;
};

/** A year that follows at `at`, and the last word with it. */
function withYear(tokens: readonly Token[], at: number): { year?: number; to: number } {
  return /^20\d\d$/.test(fold(tokens, at)) ? { year: Number(fold(tokens, at)), to: at } : { to: at - 1 };
}

/** `15 November`, `15th of Nov 2026`, `November 15`, `the 10th of this month`, `the 10th`. */
function writtenDateAt(tokens: readonly Token[], at: number): Read | undefined {
  const word = fold(tokens, at);
  const month = MONTHS.get(word);
  if (month !== undefined) {
    const day = dayOfMonth(fold(tokens, at + 1));
    if (day === undefined) return undefined;
    const { to, ...year } = withYear(tokens, at + 2);
    return { said: { kind: 'date', day, month, ...year }, to };
  }
  const day = dayOfMonth(word);
  if (day === undefined) return undefined;
  const after = fold(tokens, at + 1) === 'of' ? at + 2 : at + 1;
  const named = MONTHS.get(fold(tokens, after));
  if (named !== undefined) {
    const { to, ...year } = withYear(tokens, after + 1);
    return { said: { kind: 'date', day, month: named, ...year }, to };
  }
  if (fold(tokens, after) === 'this' && fold(tokens, after + 1) === 'month')
    return { said: { kind: 'date', day }, to: after + 1 };
  return /\D/.test(word) ? { said: { kind: 'date', day }, to: at } : undefined;
}

function weekdayAt(tokens: readonly Token[], at: number): Read | undefined {
  const day = WEEKDAYS.get(fold(tokens, at));
  if (day !== undefined) return { said: { kind: 'weekday', day }, to: at };
  const yoruba = fold(tokens, at) === 'ojo' ? YORUBA_DAYS.get(fold(tokens, at + 1)) : undefined;
  return yoruba === undefined ? undefined : { said: { kind: 'weekday', day: yoruba }, to: at + 1 };
}

/** `last week Friday`, `last Friday`, `last week`, `last night`, `last month`, `upper week`. */
function lastAt(tokens: readonly Token[], at: number): Read | undefined {
  const word = fold(tokens, at);
  if (word !== 'last' && word !== 'upper' && word !== 'previous') return undefined;
  const weeks = word === 'upper' ? 2 : 1;
  const next = fold(tokens, at + 1);
  if (next === 'week') {
    const day = WEEKDAYS.get(fold(tokens, at + 2));
    return day === undefined
      ? { said: { kind: 'week', weeks }, to: at + 1 }
      : { said: { kind: 'weekday', day, weeks }, to: at + 2 };
  }
  if (next === 'night') return { said: { kind: 'days', days: 1 }, to: at + 1 };
  if (next === 'month') return { said: { kind: 'month', back: weeks }, to: at + 1 };
  if (next === 'weekend') return { said: { kind: 'weekday', day: 6 }, to: at + 1 };
  return weekdayAt(tokens, at + 1);
}

function dayAt(tokens: readonly Token[], at: number, afterSince: boolean): Read | undefined {
  const word = fold(tokens, at);
  if (word === 'day' && fold(tokens, at + 1) === 'before' && fold(tokens, at + 2) === 'yesterday')
    return { said: { kind: 'days', days: 2 }, to: at + 2 };
  if (word === 'this' && PARTS.has(fold(tokens, at + 1)))
    return { said: { kind: 'days', days: 0 }, to: at + 1 };
  const days = DAY_WORDS.get(word) ?? (afterSince ? AFTER_SINCE.get(word) : undefined);
  if (days === undefined) return undefined;
  const clock = clockAt(tokens, at + 1);
  if (clock?.said.kind === 'clock') return { said: { ...clock.said, days }, to: clock.to };
  return { said: { kind: 'days', days }, to: PARTS.has(fold(tokens, at + 1)) ? at + 1 : at };
}

/** `3 days`, `two weeks`, `a month`; in Hausa, Yoruba and Igbo the unit stands first: `kwana uku`. */
function lengthAt(tokens: readonly Token[], at: number): (Read & { readonly foreign: boolean }) | undefined {
  const word = fold(tokens, at);
  const before = UNITS_BEFORE.get(word);
  const number = foreignNumber(fold(tokens, at + 1)) ?? smallNumber(fold(tokens, at + 1));
  if (before && number) return { said: { kind: 'ago', n: number, unit: before }, to: at + 1, foreign: true };
  const n = smallNumber(word) ?? (word === 'a' || word === 'an' ? 1 : undefined);
  const gap = /^[ -]?good$/.test(fold(tokens, at + 1)) ? 1 : 0;
  const unit = UNITS.get(fold(tokens, at + 1 + gap));
  if (n && unit) return { said: { kind: 'ago', n, unit }, to: at + 1 + gap, foreign: false };
  const [, digits, joined = ''] = /^(\d{1,3})([a-z]{2,7})$/.exec(word) ?? [];
  const close = UNITS.get(joined);
  return close
    ? { said: { kind: 'ago', n: Number(digits), unit: close }, to: at, foreign: false }
    : undefined;
}

/** A moment that follows `since`. */
function pointAt(tokens: readonly Token[], at: number): Read | undefined {
  let from = at;
  while (from < at + 3 && FILLERS.has(fold(tokens, from)) && !PARTS.has(fold(tokens, from + 1))) from++;
  const clock = clockAt(tokens, from);
  if (clock) {
    const day = dayAt(tokens, clock.to + 1, false);
    if (clock.said.kind === 'clock' && day?.said.kind === 'days')
      return { said: { ...clock.said, days: day.said.days }, to: day.to };
    return clock;
  }
  const month = MONTHS.get(fold(tokens, from));
  return (
    numericDateAt(tokens, from) ??
    writtenDateAt(tokens, from) ??
    lastAt(tokens, from) ??
    weekdayAt(tokens, from) ??
    (fold(tokens, from) === 'weekend' ? { said: { kind: 'weekday', day: 6 }, to: from } : undefined) ??
    (fold(tokens, from) === 'da' ? dayAt(tokens, from + 1, true) : undefined) ??
    dayAt(tokens, from, true) ??
    lengthAt(tokens, from) ??
    (month === undefined ? undefined : { said: { kind: 'named_month', month }, to: from })
  );
}

/** A time that a message gives as the length of the trouble, not as the term of a plan. */
function lastingAt(tokens: readonly Token[], at: number): Found | undefined {
  const length = lengthAt(tokens, at);
  if (!length) return undefined;
  const before = fold(tokens, at - 1);
  const after = fold(tokens, length.to + 1);
  const sized = /^(?:\d*[mg]bs?|plans?|bundles?|valid|subscription|free)$/;
  if (TERM_BEFORE.has(before) || TERM_AFTER.has(after) || sized.test(fold(tokens, at - 2))) return undefined;
  const ofPlan = before === 'for' && sized.test(fold(tokens, at - 3));
  // "N100 a day" is a rate.
  const rate = /^an?$/.test(fold(tokens, at)) && !LASTS_BEFORE.has(before);
  const lasts = LASTS_BEFORE.has(before) || (LASTS_AFTER.has(after) && before !== 'valid') || length.foreign;
  return lasts && !ofPlan && !rate ? { ...length, from: at, rank: 2 } : undefined;
}

/** Whether a word shortly before puts the day into the future. */
const isToCome = (tokens: readonly Token[], at: number): boolean =>
  [1, 2, 3].some((back) => TO_COME.has(fold(tokens, at - back)));

function foundAt(tokens: readonly Token[], at: number): Found | undefined {
  const word = fold(tokens, at);
  const before = fold(tokens, at - 1);
  if (SINCE.has(word)) {
    const point = pointAt(tokens, at + 1);
    return point && { ...point, from: at, rank: 1 };
  }
  if (word === 'from' || (word === 'on' && !isToCome(tokens, at))) {
    const point = pointAt(tokens, at + 1);
    const plain = point && !/^(?:to|till|until|next)$/.test(fold(tokens, point.to + 1));
    return plain && point.said.kind !== 'ago'
      ? { ...point, from: at, rank: word === 'from' ? 1.5 : 3 }
      : undefined;
  }
  if (TO_COME.has(before) || before === 'to') return undefined;
  const lasting = lastingAt(tokens, at);
  if (lasting) return lasting;
  const day = lastAt(tokens, at) ?? dayAt(tokens, at, false);
  if (!day) return undefined;
  // A bare "today" is the day of the message, not of the trouble's beginning.
  const today = day.said.kind === 'days' && day.said.days === 0;
  if (today && day.to === at) return undefined;
  return { ...day, from: at, rank: today ? 4 : 3 };
}

/**
 * When the trouble began: what follows `since` before a length of time, that before a day that is only named, `today`
 * last; of equals the first. Nothing if it is not said, or if it would lie after the message.
 */
export function sinceIn(
  words: Words,
  { occurredAt, zone }: Pick<EntityContext, 'occurredAt' | 'zone'>,
): Since | undefined {
  const { tokens, line } = words;
  if (!CUES.test(line) || Number.isNaN(occurredAt.getTime())) return undefined;
  const found: Found[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const one = foundAt(tokens, at);
    if (!one) continue;
    found.push(one);
    at = one.to;
  }
  for (const { said: moment, from, to } of found.sort((a, b) => a.rank - b.rank)) {
    const at = momentOf(moment, occurredAt, zone);
    if (at) return { ...at, said: said(words, from, to) };
  }
  return undefined;
}
