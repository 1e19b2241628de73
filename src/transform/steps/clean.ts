import type { Step } from '../step.js';
import { withoutTrail } from './trail.js';

// Everything in Cc, Cf, Zl, Zp but: tab and newline; ZWJ and ZWNJ, which hold emoji and some scripts together;
// and variation selectors, which are Mn. Bidi controls go: they can make a text read as something it is not.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const KEPT = new Set(['\t', '\n', '\u200c', '\u200d']);
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};
// An entity however often its ampersand was escaped (`&amp;amp;lt;`): one match, so that long chains cost one pass.
const ENTITY =
  /&(?:amp;|#0{0,5}38;|#x0{0,5}26;){0,5000}(?:#(\d{1,7});|#x([0-9a-f]{1,6});|(amp|lt|gt|quot|apos|nbsp);|)/gi;
/** Decoding can make new entities; more than a few levels deep nobody wrote it by accident. */
const MOST_PASSES = 5;

function codePoint(n: number): string {
  return n > 0 && n <= 0x10ffff && (n < 0xd800 || n > 0xdfff) ? String.fromCodePoint(n) : ' ';
}

function decodeEntities(text: string): string {
  return text.replace(ENTITY, (_, dec?: string, hex?: string, name?: string) => {
    if (name) return NAMED[name.toLowerCase()] as string;
    if (dec) return codePoint(Number(dec));
    return hex ? codePoint(Number.parseInt(hex, 16)) : '&';
  });
}

/**
 * The text as a person would have typed it: well formed, NFC, HTML entities decoded, no control or zero-width
 * characters, at most one blank line in a row, and without what a mail program put around it. Cleaning twice changes nothing: it runs to its fixed point.
 */
export function cleanText(raw: string): string {
  let text = raw.toWellFormed();
  for (let pass = 0, before = ''; before !== text && pass < MOST_PASSES; pass++) {
    before = text;
    text = decodeEntities(text)
      .normalize('NFC')
      .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
      .replace(INVISIBLE, (c) => (KEPT.has(c) ? c : ''))
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
    text = withoutTrail(text).trim();
  }
  return text;
}

/** Adds `text`, cleaned; an item whose text is nothing but invisible characters is put aside. */
export function clean<T extends { readonly aligned: { readonly text: string } }>(): Step<
  T,
  T & { text: string }
> {
  return function clean(items) {
    return items.map((item) => {
      const text = cleanText(item.aligned.text);
      return text === ''
        ? { quarantine: 'no_text' as const, detail: 'nothing is left of the text after cleaning' }
        : { ok: { ...item, text } };
    });
  };
}
