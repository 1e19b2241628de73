import type { Range, Run } from './types.js';

const GROUP = /\d+/g;
const SEPARATORS = new Set(' \n().-_/+');
const LETTER = /[A-Za-z]/;
/** More than this between two groups and they are two numbers. */
const WIDEST_GAP = 3;

function joined(text: string, before: Range, after: Range): boolean {
  if (after.start - before.end > WIDEST_GAP) return false;
  for (let i = before.end; i < after.start; i++) if (!SEPARATORS.has(text[i] as string)) return false;
  // The 1 of "IMEI1 3540..." or "SIM2 0803..." counts something and is no part of the number.
  return before.end - before.start > 2 || !LETTER.test(text[before.start - 1] ?? '');
}

export const digitsOf = (text: string, groups: readonly Range[]): string =>
  groups.map((g) => text.slice(g.start, g.end)).join('');

/** All runs of digits in a folded text, in order. */
export function digitRuns(text: string): readonly Run[] {
  const runs: Run[] = [];
  let groups: Range[] = [];
  const close = (): void => {
    const first = groups[0];
    const last = groups.at(-1);
    if (first && last) {
      runs.push({ start: first.start, end: last.end, groups, digits: digitsOf(text, groups) });
    }
    groups = [];
  };
  for (const m of text.matchAll(GROUP)) {
    const group = { start: m.index, end: m.index + m[0].length };
    const before = groups.at(-1);
    if (before && !joined(text, before, group)) close();
    groups.push(group);
  }
  close();
  return runs;
}

/** The first groups of a run, from group `from` on, that hold `least` to `most` digits together: the longest such. */
export function head(run: Run, least: number, most: number, from = 0): Range | undefined {
  let count = 0;
  let found: Range | undefined;
  const first = run.groups[from];
  for (let i = from; i < run.groups.length && count < most; i++) {
    const group = run.groups[i] as Range;
    count += group.end - group.start;
    if (first && count >= least && count <= most) found = { start: first.start, end: group.end };
  }
  return found;
}

/** The check digit that cards and IMEIs end with (ISO/IEC 7812-1, annex B). */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return sum % 10 === 0;
}
