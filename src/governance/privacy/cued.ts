import { MASK } from './fold.js';
import { digitsOf } from './runs.js';
import type { PersonalType, Range, Run, Span, View } from './types.js';

/** Says which part of a run is the value that the cue announces; `gap` is the text between them. */
export type Accept = (run: Run, gap: string) => Range | undefined;

/** What is left of a run whose first digits belong to the cue, as in "IMEI 2 8674...". */
function behind(text: string, run: Run, from: number): Run {
  if (run.start >= from) return run;
  const groups = run.groups.filter((g) => g.start >= from);
  const start = groups[0]?.start ?? run.end;
  return { start, end: run.end, groups, digits: digitsOf(text, groups) };
}

/**
 * Values that follow a cue: after each match of `cue` (global), the runs that start within `reach` characters are
 * offered to `accept` in order until it takes one. Nothing is looked for beyond something already redacted.
 */
export function afterCue(
  { text, runs }: View,
  type: PersonalType,
  cue: RegExp,
  reach: number,
  accept: Accept,
): readonly Span[] {
  if (runs.length === 0) return [];
  const found: Span[] = [];
  let first = 0;
  for (const m of text.matchAll(cue)) {
    const from = m.index + m[0].length;
    while (first < runs.length && (runs[first] as Run).end <= from) first++;
    for (let i = first; i < runs.length; i++) {
      const run = behind(text, runs[i] as Run, from);
      if (run.start - from > reach) break;
      const gap = text.slice(from, run.start);
      if (gap.includes(MASK)) break;
      const value = accept(run, gap);
      if (value) {
        found.push({ ...value, type });
        break;
      }
    }
  }
  return found;
}

/** A number that follows these is a telephone number, whatever was spoken of before. */
export const PHONE_CUE =
  /(?:\b(?:call(?: back)?|reach|msisdn|phone|tel|line|mobile|gsm|contact|whatsapp|alt)\b)[^\d\n]{0,16}$/i;
/** A complete Nigerian mobile number. */
export const MOBILE = /^(?:(?:00)?2340?|0)[789][01]\d{8}$/;
