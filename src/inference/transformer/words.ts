import { TYPED_TOKENS } from './text.js';

/** A word or a single sign, as the tokenizer splits them before it looks for pieces. */
export type Word = { readonly surface: string; readonly ids: readonly number[] };

const escaped = TYPED_TOKENS.map((t) => t.slice(1, -1)).join('|');
// BERT's own rule: ASCII signs and Unicode punctuation stand alone, all else is cut at white space.
const SIGN = '!-\\/:-@\\[-`{-~\\p{P}';
const WORD = new RegExp(`\\[(?:${escaped})\\]|[${SIGN}]|[^\\s${SIGN}]+`, 'gu');
/** Words whose pieces are remembered; speech repeats itself, so that nearly every look-up is answered. */
const REMEMBERED = 50_000;

/**
 * Splits texts into words and their piece ids. Pieces never reach over a word, so the ids of the words in a row are those
 * of the text. `encode` is the tokenizer without its own special tokens.
 */
export function createSplitter(encode: (word: string) => readonly number[]): (text: string) => Word[] {
  const known = new Map<string, readonly number[]>();
  const idsOf = (word: string): readonly number[] => {
    let ids = known.get(word);
    if (!ids) {
      if (known.size >= REMEMBERED) known.clear();
      ids = encode(word);
      known.set(word, ids);
    }
    return ids;
  };
  return (text) => (text.match(WORD) ?? []).map((surface) => ({ surface, ids: idsOf(surface) }));
}
