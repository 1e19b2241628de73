import type { Token } from './tokens.js';

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety';
/** From one to ten; where languages share a word (`meta`, `ise`) it is a number only after a unit of time. */
const OTHERS: Readonly<Record<string, string>> = {
  hausa: 'daya biyu uku hudu biyar shida bakwai takwas tara goma',
  yoruba: 'kan meji meta merin marun mefa meje mejo mesan mewa',
  igbo: 'otu abuo ato ano ise isii asaa asato itoolu iri',
};

const NUMBERS = new Map<string, number>([
  ...SMALL.split(' ').map((word, i): [string, number] => [word, i]),
  ...TENS.split(' ').map((word, i): [string, number] => [word, (i + 2) * 10]),
]);
const FOREIGN = new Map<string, number>(
  Object.values(OTHERS).flatMap((list) => list.split(' ').map((word, i): [string, number] => [word, i + 1])),
);
/** No sum that a message spells out takes more. */
const MOST_WORDS = 12;
const SCALES = new Map([
  ['hundred', 100],
  ['thousand', 1_000],
  ['million', 1_000_000],
]);

/** A number from one to ten in Hausa, Yoruba or Igbo. */
export const foreignNumber = (word: string): number | undefined => FOREIGN.get(word);

/** A whole number in digits or as one English word. */
export function smallNumber(word: string): number | undefined {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  return NUMBERS.get(word);
}

/** `five hundred`, `two thousand five hundred`, `a hundred`: its value and its last word; undefined if no scale is said. */
export function spelledNumber(
  tokens: readonly Token[],
  from: number,
): { readonly value: number; readonly to: number } | undefined {
  let total = 0;
  let part = 0;
  let scaled = false;
  let at = from;
  for (; at < Math.min(tokens.length, from + MOST_WORDS); at++) {
    const word = tokens[at]?.fold ?? '';
    const number = NUMBERS.get(word) ?? (word === 'a' && at === from ? 1 : undefined);
    const scale = SCALES.get(word);
    if (number !== undefined) part += number;
    else if (scale === 100 && part > 0) part *= 100;
    else if (scale !== undefined && part > 0) {
      total += part * scale;
      part = 0;
    } else if (word !== 'and' || part === 0) break;
    scaled ||= scale !== undefined;
  }
  return scaled ? { value: total + part, to: at - 1 } : undefined;
}
