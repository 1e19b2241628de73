import { PorterStemmer } from 'natural/lib/natural/stemmers/index.js';
import { limit } from '../complaint/limits.js';

const WORD = /[\p{L}\p{N}]{2,40}/gu;

/** Lower case without accents and dots below: `Ẹ jọ̀wọ́` and `e jowo` are found by each other. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ɓɗƙƴ]/g, (c) => ({ ɓ: 'b', ɗ: 'd', ƙ: 'k', ƴ: 'y' })[c] ?? c);

/** Distinct folded stems of a text in order of appearance: the unit of word search, of a query as of a complaint. */
export function stems(text: string, most: number = limit('storedWords')): string[] {
  const found = new Set<string>();
  for (const [word] of fold(text).matchAll(WORD)) {
    found.add(/^[a-z]+$/.test(word) ? PorterStemmer.stem(word) : word);
    if (found.size >= most) break;
  }
  return [...found];
}
