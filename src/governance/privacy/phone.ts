import { isValidPhoneNumber } from 'libphonenumber-js/max';
import { MOBILE, PHONE_CUE } from './cued.js';
import { digitsOf } from './runs.js';
import { isOther, isQuantity, moments } from './stays.js';
import type { Context, Range, Recogniser, Run, Span } from './types.js';

/** A run beyond this that is not all complete numbers is one number with much too many digits. */
const LONGEST_LIST = 60;
const WITH_COMMAS = /(?<![\d,])0[789][01]\d, ?\d{3}, ?\d{4}(?![\d,])/g;
const VANITY = /(?<![A-Za-z0-9])0[789]00-?[A-Z]{4,8}(?![A-Za-z0-9])/g;

/** With the plus and the bracket that belong to it. */
function withSigns(text: string, { start, end }: Range): Range {
  let from = start;
  if (text[from - 1] === '+') from--;
  if (text[from - 1] === '(' && /^[^(]*\)/.test(text.slice(start, end))) from--;
  if (text[from - 1] === '+') from--;
  return { start: from, end };
}

/** Index of the last group of a complete mobile number that begins with group `from`, else -1. */
function mobileAt(text: string, groups: readonly Range[], from: number): number {
  let digits = '';
  if (!/[02]/.test(text[(groups[from] as Range).start] as string)) return -1;
  for (let i = from; i < groups.length && digits.length < 16; i++) {
    const group = groups[i] as Range;
    digits += text.slice(group.start, Math.min(group.end, group.start + 17));
    if (digits.length >= 11 && MOBILE.test(digits)) return i;
  }
  return -1;
}

/** "0803 555 0126/27", or one digit too many in a number written in groups. */
function belongs(text: string, number: readonly Range[], extra: readonly Range[]): boolean {
  const last = number.at(-1) as Range;
  const [first, second] = extra;
  if (!first || second || first.end - first.start > 2 || isQuantity(text, first)) return false;
  const gap = text.slice(last.end, first.start);
  return gap === '/' || (number.length > 1 && gap.length === 1 && gap !== '\n');
}

const cover = (groups: readonly Range[]): Range => ({
  start: (groups[0] as Range).start,
  end: (groups.at(-1) as Range).end,
});

/** Digits that are no complete number of the region, cut where a plus begins another, and without dates and times. */
function pieces(text: string, groups: readonly Range[]): readonly (readonly Range[])[] {
  const { start, end } = cover(groups);
  const kept = moments(text.slice(start, end + 2));
  const lists: Range[][] = [[]];
  let next = 0;
  groups.forEach((group, i) => {
    while (next < kept.length && start + (kept[next] as Range).end <= group.start) next++;
    const moment = kept[next];
    const gap = i === 0 ? '' : text.slice((groups[i - 1] as Range).end, group.start);
    if (moment && start + moment.start < group.end) lists.push([]);
    else if (gap.includes('+')) lists.push([group]);
    else (lists.at(-1) as Range[]).push(group);
  });
  return lists.filter((list) => list.length > 0);
}

function isDialable(text: string, groups: readonly Range[], { region }: Context): boolean {
  const range = cover(groups);
  const digits = digitsOf(text, groups);
  if (digits.length < 7) return false;
  if (text[range.start - 1] === '+' && digits.length >= 8) return true;
  const parts = groups.map((g) => text.slice(g.start, g.end));
  const cued = PHONE_CUE.test(text.slice(Math.max(0, range.start - 30), range.start));
  if (isOther(text, range, parts)) return false;
  if (digits.length >= 10 || cued) return true;
  return digits.length >= 8 && digits[0] === '0' && isValidPhoneNumber(digits, region);
}

function loose(text: string, groups: readonly Range[], context: Context): readonly Range[] {
  return pieces(text, groups)
    .flatMap((list) => (list.every((g) => g.end - g.start >= 9) ? list.map((g) => [g]) : [list]))
    .filter((list) => isDialable(text, list, context))
    .map(cover);
}

function split(text: string, run: Run, context: Context): readonly Range[] {
  const found: Range[] = [];
  let rest = false;
  let from = 0;
  let number: readonly Range[] = [];
  const flush = (to: number): void => {
    const extra = run.groups.slice(from, to);
    if (extra.length === 0) return;
    rest = true;
    if (number.length > 0 && belongs(text, number, extra))
      found[found.length - 1] = cover([...number, ...extra]);
    else found.push(...loose(text, extra, context));
  };
  for (let i = 0; i < run.groups.length; ) {
    const last = mobileAt(text, run.groups, i);
    if (last < 0) {
      i++;
      continue;
    }
    flush(i);
    number = run.groups.slice(i, last + 1);
    found.push(cover(number));
    i = last + 1;
    from = i;
  }
  flush(run.groups.length);
  return rest && run.digits.length > LONGEST_LIST ? [run] : found;
}

/**
 * Telephone numbers in digits. A complete number of the region is one wherever it stands; any other ten digits are
 * taken for somebody's number unless they are an amount, a moment or a technical value; fewer need a cue or a plan.
 */
export const phone = (): Recogniser => (view, context) => {
  const spans: Span[] = view.runs
    .filter((run) => run.digits.length >= 7)
    .flatMap((run) => split(view.text, run, context))
    .map((range) => ({ ...withSigns(view.text, range), type: 'PHONE' }));
  for (const shape of view.runs.length > 0 ? [VANITY, WITH_COMMAS] : []) {
    for (const m of view.text.matchAll(shape)) {
      spans.push({ start: m.index, end: m.index + m[0].length, type: 'PHONE' });
    }
  }
  return spans;
};
