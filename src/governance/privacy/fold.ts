import { digitRuns } from './runs.js';
import { PERSONAL_TYPES, type Range, type View } from './types.js';

/** Stands in a view for what is already redacted, by us now or by a token in the text. No recogniser matches it. */
export const MASK = '\ufffc';
const TOKEN = new RegExp(`\\[(?:${PERSONAL_TYPES.join('|')})\\]`, 'g');
/** Shows nothing. Fillers and the empty Braille cell are letters and signs by category, but look like nothing. */
const UNSEEN = /[\p{M}\p{Cf}\p{Cc}\u115f\u1160\u2800\u3164\uffa0]/u;
const MARK = /\p{M}/u;
const DIGIT = /\p{Nd}/u;
/** A token of digits in which letters stand for some of them. */
const LETTERS_AS_DIGITS = /(?<![A-Za-z0-9])[0-9OoIl]{3,24}(?![A-Za-z0-9])/g;
const MIXED = /\d[OoIl]|[OoIl]\d/;
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u02bc': "'",
  '\u2212': '-',
  '\u00b7': '.',
  '\u2022': '.',
  '\u2219': '.',
  '\u3002': '.',
  '\u043e': 'o',
  '\u041e': 'O',
  '\u03bf': 'o',
  '\u039f': 'O',
  ɓ: 'b',
  ɗ: 'd',
  ƙ: 'k',
  ƴ: 'y',
  Ɓ: 'B',
  Ɗ: 'D',
  Ƙ: 'K',
  Ƴ: 'Y',
};

/** Unicode lays the ten digits of a script out in order, so that the value is the distance from its zero. */
function digitValue(point: number): string {
  let below = 0;
  while (below < 60 && DIGIT.test(String.fromCodePoint(point - below - 1))) below++;
  return String(below % 10);
}

function plainForm(char: string, point: number): string {
  if (UNSEEN.test(char)) return '';
  const alike = LOOKS_LIKE[char];
  if (alike !== undefined) return alike;
  if (DIGIT.test(char)) return digitValue(point);
  if (/\p{Z}/u.test(char)) return /[\u2028\u2029]/.test(char) ? '\n' : ' ';
  if (/\p{Pd}/u.test(char)) return '-';
  const base = char.normalize('NFKD').replace(/\p{M}+/gu, '');
  if (base.length === 1) return LOOKS_LIKE[base] ?? base;
  // One unit for one character keeps the map of positions simple; emoji and lone surrogates match nothing anyway.
  return char.length === 1 && !/\p{Cs}/u.test(char) ? char : '\ufffd';
}

/** Enough for the alphabets of a day; a hostile text must not make it grow. */
const MOST_KNOWN = 4_096;
const known = new Map<number, string>();
function plain(char: string, point: number): string {
  let form = known.get(point);
  if (form === undefined) {
    form = plainForm(char, point);
    if (known.size < MOST_KNOWN) known.set(point, form);
  }
  return form;
}

/** Control characters of ASCII; all others are themselves. */
const control = (code: number): string => (code === 13 ? '\n' : code === 9 ? ' ' : '');

const asDigits = (token: string): string => {
  const digits = token.replace(/\D/g, '').length;
  return digits * 2 < token.length ? token : token.replace(/[Oo]/g, '0').replace(/[Il]/g, '1');
};

/** What is masked, in order: typed tokens of the text, and the spans given. */
function holes(text: string, taken: readonly Range[]): readonly Range[] {
  if (!text.includes('[')) return taken;
  const tokens = [...text.matchAll(TOKEN)].map((m) => ({ start: m.index, end: m.index + m[0].length }));
  return tokens.length === 0 ? taken : [...tokens, ...taken].sort((a, b) => a.start - b.start);
}

/** End of the stretch from `from` that is as it should be: ASCII but for its control characters. */
function plainUntil(text: string, from: number, most: number): number {
  let i = from;
  for (; i < most; i++) {
    const code = text.charCodeAt(i);
    if ((code < 32 && code !== 10) || code > 126) break;
  }
  return i;
}

/**
 * The view of a text: accents, other forms of letters and digits, dashes, spaces in their plain form, invisible
 * characters left out, letters among digits as digits, every typed token and every range of `taken` (in order, apart)
 * as one `MASK`. A text with its spans masked and the same text with them replaced by tokens have the same view; that
 * is why redacting twice changes nothing.
 */
export function fold(text: string, taken: readonly Range[] = []): View {
  const masked = holes(text, taken);
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  let out = '';
  let hole = 0;
  const put = (form: string, start: number, end: number): void => {
    starts[out.length] = start;
    ends[out.length] = end;
    out += form;
  };
  for (let i = 0; i < text.length; ) {
    const next = masked[hole];
    if (next && next.start === i) {
      put(MASK, i, next.end);
      i = next.end;
      hole++;
      continue;
    }
    const stop = plainUntil(text, i, next?.start ?? text.length);
    if (stop > i) {
      for (let k = i, at = out.length; k < stop; k++, at++) {
        starts[at] = k;
        ends[at] = k + 1;
      }
      out += text.slice(i, stop);
      i = stop;
      continue;
    }
    const point = text.codePointAt(i) as number;
    const char = String.fromCodePoint(point);
    const end = i + char.length;
    const form = point < 128 ? control(point) : plain(char, point);
    if (form !== '') put(form, i, end);
    // A mark belongs to the character before it: the keycap of a digit, an accent at the end of a name.
    else if (out !== '' && ends[out.length - 1] === i && MARK.test(char)) ends[out.length - 1] = end;
    i = end;
  }
  const folded = MIXED.test(out) ? out.replace(LETTERS_AS_DIGITS, asDigits) : out;
  return { text: folded, starts, ends, runs: digitRuns(folded) };
}
