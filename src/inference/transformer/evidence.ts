import { HEADS } from '../../complaint/labels.js';
import { emojiWords, foldedWord, TYPED_TOKENS } from './text.js';

const WORDS = 5;
const CHARS = 64;
/** What stands for something else, and so decides nothing by itself for a reader. */
const STANDS_FOR = new Set<string>([...TYPED_TOKENS, 'user', 'url']);
/** Signs before and after a word, which belong to it as it is read and not as it is shown. */
const AROUND = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/** Words that say nothing by themselves, whatever they did to the model; `no` and `not` are none of them. */
const EMPTY = new Set(
  (
    'a about after again all also am an and any are as at be because been before being between both but by can did do does doing ' +
    'during each for from had has have having he her here him his how i if in into is it its just me more most my myself now of off on ' +
    'once only or other our out over own re s same she should so some such t than that the their them then there these they this those ' +
    'through to too under until up us very was we were what when where which while who whom why will with you your yours ' +
    'm ve d ll im abeg una dem dey don na wey for sef oo o pls plz please ni ti mo fun ko ta da na ne ce'
  ).split(' '),
);
/** Somebody's number, or a part of one, that redaction did not know. */
const NUMBER = /\d{4}/;
const WRITTEN = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;

/** As it stands in the text, what the model reads as that word: a word with its accents, or an emoji. */
function writtenIn(text: string): Map<string, string> {
  const written = new Map<string, string>();
  for (const { emoji, words } of emojiWords(text)) for (const word of words) written.set(word, emoji);
  for (const [word] of text.matchAll(WRITTEN)) {
    const folded = foldedWord(word);
    if (!written.has(folded)) written.set(folded, word.toLowerCase());
  }
  return written;
}

/** What a word adds to each logit of the category and sentiment heads: the graph's `words` output, summed over pieces. */
export type Weighed = { readonly surface: string; readonly adds: Float32Array };

const CATEGORIES = HEADS.category.length;

/** How much more a word speaks for the label than for the mean of the head's others. */
function margin(adds: Float32Array, from: number, count: number, label: number): number {
  let others = 0;
  for (let i = 0; i < count; i++) if (i !== label) others += adds[from + i] as number;
  return (adds[from + label] as number) - others / (count - 1);
}

/**
 * Up to five words of the text, in lower case, and emoji, that spoke most for its category and, if it is negative, for
 * displeasure; the strongest first. As the pooled vector is a mean and the heads are linear, a word's share of a logit is
 * exact. Only what stands in the text is shown, and no longer number.
 */
export function evidenceOf(
  text: string,
  words: readonly Weighed[],
  category: number,
  negative: boolean,
): string[] {
  const written = writtenIn(text);
  const weights = new Map<string, number>();
  for (const { surface, adds } of words) {
    const read = surface.toLowerCase().replace(AROUND, '');
    if (STANDS_FOR.has(surface) || STANDS_FOR.has(read) || EMPTY.has(read)) continue;
    const word = written.get(read);
    if (word === undefined || word.length > CHARS || NUMBER.test(read)) continue;
    const topic = margin(adds, 0, CATEGORIES, category);
    const mood = negative ? margin(adds, CATEGORIES, HEADS.sentiment.length, 0) : 0;
    weights.set(word, (weights.get(word) ?? 0) + Math.max(topic, mood));
  }
  return [...weights]
    .filter(([, weight]) => weight > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, WORDS)
    .map(([word]) => word);
}
