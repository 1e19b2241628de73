import { CALENDAR, NO_NAME } from './words.js';
import type { Recogniser, Span } from './types.js';

const WORD = "[A-Za-z][A-Za-z'.-]{0,20}";
const NUMBER = '\\d{1,4}[A-FHJLa-fhjl]?(?:\\/\\d{1,4})?';
const UNIT = `(?:(?:flat|house|hse|block|blk|plot|suite|apt|apartment|unit|room|villa|shop)\\b\\.? ?(?:${NUMBER}|[A-Z]\\d{0,3})(?![A-Za-z0-9])|(?:no|number|lamba|nomba|ojule|gida|ile)\\b\\.? ?${NUMBER}(?![A-Za-z0-9])|#${NUMBER}|\\d{1,2}(?:st|nd|rd|th) floor)`;
const STREET_KEY =
  'street|str|st|road|rd|avenue|ave|crescent|cres|close|cl|drive|dr|lane|ln|way|boulevard|blvd|terrace|link|expressway|highway|court|place';
const ESTATE_KEY =
  'estate|est|layout|quarters|gardens|villas|barracks|scheme|court|plaza|complex|towers|building';
const STREET = `(?:(?:${WORD} ){1,4}?(?:${STREET_KEY})\\b|\\d{1,2}(?:st|nd|rd|th) (?:avenue|street|road|close)\\b|road \\d{1,4}\\b|(?:titin|opopona|okporo uzo) ${WORD}(?: [A-Z]${WORD})?)`;
const ESTATE = `(?:(?:${WORD} ){1,3}?|\\d{3,4} )(?:${ESTATE_KEY})\\b`;
const OFF = `(?:,? off (?:${WORD} ){1,4}?(?:${STREET_KEY})\\b)`;
const ADDRESS = new RegExp(
  `(?<![A-Za-z0-9₦$#*.,:/-])(?:(?:${UNIT}(?:, ?| )){1,4}(?:${NUMBER},? )?(?:${STREET}|${ESTATE})|${NUMBER},? ${STREET})(?: estate\\b)?(?:, ${STREET})?${OFF}?(?:, ${UNIT})?`,
  'gi',
);
/** The words alone, without the parts that only an address has. */
const PARTS = new RegExp(`${UNIT}|\\boff\\b|\\b(?:road|${STREET_KEY}|${ESTATE_KEY})\\b|[^A-Za-z' -]`, 'gi');
/** Also verbs and nouns of any text: written small they need a capital elsewhere in the name. */
const AMBIGUOUS = /(?<![A-Z])(?:close|drive|way|court|lane|place|link|st|dr|est|scheme)$/;
const HAS_UNIT = new RegExp(`^${UNIT}`, 'i');
/** A number, or the letter of a block or flat; "house a" is no house. */
const NUMBERED = /\d|(?<![A-Za-z])[A-Z](?![A-Za-z])/;
const PLAN_BEFORE = /(?:fibre|fiber|flex|xtravalue|plan|km|mile|step|number|no|top|zone|area|phase) $/i;
/** Common in names of streets, although no name of a person has them. */
const IN_STREETS: ReadonlySet<string> = new Set(
  'old new long first second third fourth fifth market palace unity peace church school hospital station airport ring mission state bank university college victoria island lagos abuja kano ibadan kaduna benin enugu aba owerri calabar sokoto zaria close street road avenue king queen president house lord christ customs police'.split(
    ' ',
  ),
);

const soundWord = (word: string): boolean => {
  const plain = word.toLowerCase();
  if (IN_STREETS.has(plain)) return true;
  return !(NO_NAME.has(plain) || CALENDAR.has(plain)) || /^[A-Z][a-z]{2,}/.test(word);
};

function isSound(text: string, start: number): boolean {
  const words = text
    .replace(PARTS, ' ')
    .split(' ')
    .filter((w) => /^[A-Za-z]/.test(w) && w.length > 1);
  if (!words.every(soundWord) || !NUMBERED.test(text)) return false;
  const capital = words.some((w) => /^[A-Z]/.test(w));
  return capital || HAS_UNIT.test(text) || (!AMBIGUOUS.test(text) && start >= 0);
}

/** A house, flat, block or plot with its street or estate; areas, towns and streets alone stay. */
export const address =
  (): Recogniser =>
  ({ text, runs }) => {
    if (runs.length === 0) return [];
    const spans: Span[] = [];
    for (const m of text.matchAll(ADDRESS)) {
      const before = text.slice(Math.max(0, m.index - 10), m.index);
      if (PLAN_BEFORE.test(before) || !isSound(m[0], m.index)) continue;
      spans.push({ start: m.index, end: m.index + m[0].length, type: 'ADDRESS' });
    }
    return spans;
  };
