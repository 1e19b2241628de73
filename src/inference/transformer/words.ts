import { TYPED_TOKENS } from './text.js';

/** A word or a single sign, as the tokenizer splits them before it looks for pieces. */
export type Word = { readonly surface: string; readonly ids: readonly number[] };

const escaped = TYPED_TOKENS.map((t) => t.slice(1, -1)).join('|');
// BERT's own rule: ASCII signs and Unicode punctuation stand alone, all else is cut at white space.
const SIGN = '!-\\/:-@\\[-`{-~\\p{P}';
const WORD = new RegExp(`\\[(?:${escaped})\\]|[${SIGN}]|[^\\s${SIGN}]+`, 'gu');
/** Longer words are not remembered: they hardly come again, and would fill the memory. */
const LONGEST = 64;
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
      ids = encode(word);
      if (word.length > LONGEST) return ids;
      if (known.size >= REMEMBERED) known.clear();
      // A copy: a piece of a long text keeps all of it in memory.
      known.set(Buffer.from(word, 'utf16le').toString('utf16le'), ids);
    }
    return ids;
  };
  return (text) => (text.match(WORD) ?? []).map((surface) => ({ surface, ids: idsOf(surface) }));
}
