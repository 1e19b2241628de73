import type { Range, Recogniser, Span } from './types.js';

const LOCAL = /[\p{L}\p{N}._%+'-]/u;
const LONGEST_LOCAL = 64;
const TOP = 'com|net|org|info|biz|co|edu|gov|mil|io|me|ng|ug|uk|us|ke|gh|za|example';
const PROVIDER = 'gmail|gmial|yahoo|ymail|hotmail|outlook|icloud|live|aol|proton|protonmail|rocketmail|zoho';
const DOMAIN = /[ \n]?((?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24})/uy;
const BARE_PROVIDER = new RegExp(`[ \\n]?(?:${PROVIDER})(?:[ ,]{1,2}com)?(?![A-Za-z0-9.])`, 'iy');
const KNOWN_TOP = new RegExp(`^(?:${TOP})$`, 'i');
const SIGN = '(?: ?[(\\[{<] ?(?:at|@) ?[)\\]}>] ?| @ |@)';
const DOT = '(?: ?[(\\[{<] ?(?:dot|\\.) ?[)\\]}>] ?| dot | \\. ?)';
const WORD = '[A-Za-z0-9_+-]{1,40}';
// " at " is a common word: behind it the domain must be spelt out too, or be a mail provider's.
const SPELT = new RegExp(
  `(?<![A-Za-z0-9_+.-])([A-Za-z0-9_+.-]{1,40}(?:(?:${DOT}| underscore | dash | hyphen )${WORD}){0,3})` +
    `(?:(?:${SIGN}| at )(?:(?:${WORD}${DOT}){1,3}(?:${TOP})|(?:${PROVIDER})\\.(?:${TOP}))` +
    `|${SIGN}${WORD}(?:\\.${WORD}){0,2}\\.(?:${TOP}))(?![A-Za-z0-9])`,
  'gi',
);
const IS_SPELT = new RegExp(`[([{<] ?(?:at|@|dot|\\.) ?[)\\]}>]| dot | at (?:${PROVIDER})\\.`, 'i');
/** Words before " at " and " @ " that are no mailbox. */
const NO_LOCAL =
  /^(?:me|us|it|is|on|my|to|in|am|was|are|look|page|mail|email|login|log|found|here|check|only|that|this|site|and|or|via|at)$/i;

/** Ends the domain at a top-level name: what follows "example.com." may be the next sentence. */
function domainEnd(domain: string): number {
  const labels = domain.split('.');
  let end = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as string;
    end += label.length + (i > 0 ? 1 : 0);
    if (i > 0 && KNOWN_TOP.test(label) && !KNOWN_TOP.test(labels[i + 1] ?? '')) return end;
  }
  return domain.length;
}

function aroundAt(text: string, at: number): Range | undefined {
  const spaced = text[at - 1] === ' ';
  const last = spaced ? at - 1 : at;
  let start = last;
  while (start > 0 && last - start < LONGEST_LOCAL && LOCAL.test(text[start - 1] as string)) start--;
  const local = text.slice(start, last);
  if (local === '' || (spaced && NO_LOCAL.test(local))) return undefined;
  DOMAIN.lastIndex = at + 1;
  const domain = DOMAIN.exec(text);
  if (domain?.[1]) {
    const from = at + 1 + domain[0].length - domain[1].length;
    const end = from + domainEnd(domain[1]);
    const top = text.slice(text.lastIndexOf('.', end - 1) + 1, end);
    // "my friend @ada.obi" has a space before the sign too; only a known top-level name makes it an address.
    return spaced && !KNOWN_TOP.test(top) ? undefined : { start, end };
  }
  BARE_PROVIDER.lastIndex = at + 1;
  const bare = BARE_PROVIDER.exec(text);
  return bare ? { start, end: at + 1 + bare[0].length } : undefined;
}

/** E-mail addresses, also with spaces around the sign, in words ("ada at gmail dot com") or in brackets ("(at)"). */
export const email = (): Recogniser => (view) => {
  const { text } = view;
  const spans: Span[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const range = aroundAt(text, at);
    if (range) spans.push({ ...range, type: 'EMAIL' });
  }
  if (!IS_SPELT.test(text)) return spans;
  for (const m of text.matchAll(SPELT)) {
    if (!NO_LOCAL.test(m[1] as string)) {
      spans.push({ start: m.index, end: m.index + m[0].length, type: 'EMAIL' });
    }
  }
  return spans;
};
