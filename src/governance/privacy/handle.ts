import { isBrand } from './brands.js';
import type { Recogniser, Span } from './types.js';

const SIGNED = /(?<![\p{L}\p{N}_.@\ufffc])@([\p{L}\p{N}_]{2,})/gu;
const NETWORK = 'ig|insta|instagram|telegram|tg|snap|snapchat|sc|tiktok|tik tok|twitter|facebook|fb|threads';
const CUED = new RegExp(
  `(?<![A-Za-z0-9@#_.])(?:${NETWORK})(?: (?:handle|username|user ?name|id|name|page))?( is|na|:|=| na| -|)["' :=-]{1,3}(@?[A-Za-z0-9_.]{3,30})`,
  'gi',
);
const NOUNED = new RegExp(
  `(?:${NETWORK}|my) (?:handle|username|user ?name)(?: is| na|:|=)[ "']{0,2}(?!@)([A-Za-z0-9_.]{3,30})`,
  'gi',
);
const LINK =
  /(?<![A-Za-z0-9])(?:t\.me|instagram\.com|x\.com|twitter\.com|tiktok\.com|facebook\.com|fb\.com)\/@?([A-Za-z0-9_.]{3,30})/gi;
/** A plain word may be anything; a name that somebody had to choose has a sign or a number in it. */
const CHOSEN = /^(?=.*[._\d])(?=.*[A-Za-z]).*[A-Za-z0-9_]$/;
const SIZE = /^\d/;

/** Handles with their sign, in a profile's address, or after the name of a network; brands' and our own stay. */
export const handle =
  (): Recogniser =>
  (view, { own }) => {
    const { text } = view;
    const spans: Span[] = [];
    const add = (end: number, value: string, signed: boolean): void => {
      const name = value.replace(/\.+$/, '');
      if (name.length < 2 || isBrand(name.replace('@', ''), own)) return;
      const start = end - value.length;
      spans.push({ start: signed ? start - 1 : start, end: start + name.length, type: 'HANDLE' });
    };
    if (text.includes('@')) {
      for (const m of text.matchAll(SIGNED)) add(m.index + m[0].length, m[1] as string, true);
    }
    if (text.includes('/'))
      for (const m of text.matchAll(LINK)) add(m.index + m[0].length, m[1] as string, false);
    for (const m of text.matchAll(CUED)) {
      const value = (m[2] as string).replace(/\.+$/, '');
      if (value.startsWith('@') || (CHOSEN.test(value) && !SIZE.test(value)))
        add(m.index + m[0].length, m[2] as string, false);
    }
    for (const m of text.matchAll(NOUNED)) add(m.index + m[0].length, m[1] as string, false);
    return spans;
  };
