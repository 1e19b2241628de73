import { afterCue } from './cued.js';
import { head, luhn } from './runs.js';
import type { Range, Recogniser, Run, Span, View } from './types.js';

const REACH = 60;
const CUE = /(?<![a-z])(?:card|pan|atm|visa|mastercard|verve|amex)(?![a-z])/gi;
const SHAPE =
  /^(?:\d{4}\D{1,3}\d{4}\D{1,3}\d{4}\D{1,3}\d{4}(?:\D{1,3}\d{3})?|\d{4}\D{1,3}\d{6}\D{1,3}\d{5}|\d{15,19})$/;
const ISSUER = /[2-6]/;
const AMEX = /^3[47]/;

function cardAt(text: string, run: Run, from: number): Range | undefined {
  if (!ISSUER.test(text[(run.groups[from] as Range).start] as string)) return undefined;
  const value = head(run, 15, 19, from);
  if (!value) return undefined;
  const written = text.slice(value.start, value.end);
  const digits = written.replace(/\D/g, '');
  if (!SHAPE.test(written)) return undefined;
  // Four groups of four are a card also with a digit mistyped; other shapes need the check digit.
  const grouped = written.length > digits.length && digits.length === 16;
  const checked = luhn(digits) && (digits.length !== 15 || AMEX.test(digits));
  return grouped || checked ? value : undefined;
}

function shaped({ text, runs }: View): readonly Span[] {
  return runs
    .filter((run) => run.digits.length >= 15)
    .flatMap((run) => {
      const spans: Span[] = [];
      for (let i = 0; i < run.groups.length; i++) {
        const start = (run.groups[i] as Range).start;
        const value = start >= (spans.at(-1)?.end ?? 0) ? cardAt(text, run, i) : undefined;
        if (value) spans.push({ ...value, type: 'CARD' });
      }
      return spans;
    });
}

/** Payment cards: by shape and check digit, or any 14 to 19 digits that follow the word. */
export const card = (): Recogniser => (view) => [
  ...shaped(view),
  ...afterCue(view, 'CARD', CUE, REACH, (run) => head(run, 14, 19)),
];
