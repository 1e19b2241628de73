import { fold } from '../../gold/words.js';

/** A word as written and as compared. `start` and `end` are UTF-16 positions in the text. */
export type Token = {
  readonly text: string;
  /** Lower case, without accents and apostrophes; empty for a run too long to be a word. */
  readonly fold: string;
  readonly start: number;
  readonly end: number;
  /** What stands between the word before and this one. */
  readonly gap: string;
};

/** A text as its recognisers read it. */
export type Words = {
  readonly text: string;
  readonly tokens: readonly Token[];
  /**
   * Folded words between single spaces, with one at each end, and a stop between sentences: phrases are found in it
   * whatever the other punctuation.
   */
  readonly line: string;
  /** Whether capitals mean anything here: they do not in a text all in capitals, or in none. */
  readonly capitalsTell: boolean;
};

const WORD = /[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_]|['’](?=\p{L}))*/gu;
const ADDRESS = /(?:https?:\/\/|www\.)\S+/gi;
const SENTENCE_END = /[!?…\n]|[.;](?=\s)/;
const PLAIN = /^[a-z0-9_]+$/;
const LONGEST = 40;
/** Igbo for "in", written onto its word: n'Owerri. */
const IN = /^n['’]/i;

function foldWord(word: string): string {
  if (word.length > LONGEST) return '';
  const lower = (IN.test(word) ? word.slice(2) : word).toLowerCase();
  return PLAIN.test(lower) ? lower : fold(lower).replace(/['’]/g, '');
}

const isUpper = (c: string): boolean => c !== c.toLowerCase();

/** Whether a word begins with a capital. */
export const isCapital = ({ text }: Token): boolean => isUpper(text.charAt(0));

/** Whether a word of two letters or more is all in capitals. */
export const isAcronym = ({ text }: Token): boolean => text.length > 1 && text === text.toUpperCase();

/** Whether it stands behind an @ with nothing between. */
export const isHandle = ({ gap }: Token): boolean => gap.endsWith('@');

/** Whether a word opens the text, a line, or a sentence. */
export const opensSentence = (tokens: readonly Token[], at: number): boolean =>
  at === 0 || /[.!?:\n…]/.test(tokens[at]?.gap ?? '');

/** Words of a text. Linear in its length. */
export function wordsOf(text: string): Words {
  const tokens: Token[] = [];
  let end = 0;
  let capitals = 0;
  let letters = 0;
  let line = ' ';
  // Words of an address count for nothing; positions stay.
  const readable = text.replace(ADDRESS, (address) => ' '.repeat(address.length));
  for (const match of readable.matchAll(WORD)) {
    const text = match[0];
    const start = match.index;
    const gap = readable.slice(end, start);
    const fold = foldWord(text);
    end = start + text.length;
    line += tokens.length > 0 && SENTENCE_END.test(gap) ? `. ${fold} ` : `${fold} `;
    tokens.push({ text, fold, start, end, gap });
    if (text.length < 2 || /^\d/.test(text)) continue;
    letters++;
    if (isUpper(text.charAt(0))) capitals++;
  }
  return { text, tokens, line, capitalsTell: capitals > 0 && capitals * 5 <= letters * 3 };
}

/** The text from one word to another, as written. */
export const said = ({ text, tokens }: Words, from: number, to: number): string =>
  text.slice(tokens[from]?.start ?? 0, tokens[to]?.end ?? 0);
