import stemmers from 'natural/lib/natural/stemmers/index.js';
import tokenizers from 'natural/lib/natural/tokenizers/index.js';
import { limit } from '../complaint/limits.js';

/**
 * Version of this file's behaviour. Weights only fit the features they were counted on: change it with any change
 * here, and train again.
 */
export const FEATURES_VERSION = 1;

/** Tokens read from one text; the rest is ignored, so that work per text is bounded. */
export const MAX_TOKENS = 512;
/** A longer run of letters is noise, and the stemmer's regular expressions get slow on it. */
const MAX_TOKEN_CHARS = 40;
/** Distinct words whose stem is remembered; then the memory starts anew. */
const STEM_CACHE = 20_000;

/** Stand-in for any number of three or more digits: amounts and phone numbers carry no topic of their own. */
export const NUMBER = '000';

const { PorterStemmer } = stemmers;
const tokenizer = new tokenizers.RegexpTokenizer({
  gaps: false,
  pattern: /\p{Extended_Pictographic}|[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*/gu,
});

const stems = new Map<string, string>();

function stem(folded: string): string {
  const known = stems.get(folded);
  if (known !== undefined) return known;
  const made = PorterStemmer.stem(folded);
  if (stems.size >= STEM_CACHE) stems.clear();
  stems.set(folded, made);
  return made;
}

/** Lower case without accents and apostrophes: customers write "Don't", "dont", "ẹ jọ̀ọ́" and "e joo" alike. */
const fold = (token: string): string =>
  token
    .normalize('NFKD')
    .replace(/[\p{M}'’]+/gu, '')
    .toLowerCase();

/** Without what a label must not hang on: lone surrogates, addresses, handles; long numbers become one word. */
const strip = (text: string): string =>
  text
    .slice(0, limit('textChars'))
    .replace(/\p{Surrogate}/gu, ' ')
    .replace(/https?:\/\/\S+|www\.\S+/gi, ' ')
    .replace(/@[\p{L}\p{N}_]+/gu, ' ')
    .replace(/\d[\d.,]*\d\d/g, ` ${NUMBER} `);

/**
 * The distinct features of a text, each with the words it came from as written: stems, and pairs of neighbouring
 * stems joined by a space. Never fails on a string; empty if there is no word or emoji in it.
 */
export function featuresOf(text: string): Map<string, string> {
  const features = new Map<string, string>();
  // natural's types leave out that a text without a match gives null.
  const tokens = (tokenizer.tokenize(strip(text)) as string[] | null) ?? [];
  let before: { stem: string; surface: string } | undefined;
  for (const surface of tokens.slice(0, MAX_TOKENS)) {
    const folded = surface.length > MAX_TOKEN_CHARS ? '' : fold(surface);
    if (folded === '' || folded.length > MAX_TOKEN_CHARS) continue;
    const now = { stem: stem(folded), surface };
    if (!features.has(now.stem)) features.set(now.stem, surface);
    if (before) {
      const pair = `${before.stem} ${now.stem}`;
      if (!features.has(pair)) features.set(pair, `${before.surface} ${surface}`);
    }
    before = now;
  }
  return features;
}
