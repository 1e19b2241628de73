import { spelledNumber } from './numbers.js';
import type { Amount, Currency, DataSize } from '../../complaint/entities.js';
import { said, type Words } from './tokens.js';

/** Quantities kept of one message. */
const MOST = 20;

// A currency before it, a number with its decimals, a factor, and a word after it: what it is a number of.
const QUANTITY =
  /(?<![\p{L}\p{N}_.,:/-])(₦|\$|#|us\$|ngn|ugx|usd|ush|shs|n|naira)?\.?\s?(\d{1,3}(?:,\d{3}){1,4}|\d{1,12})(\.\d{1,2}(?!\d))?(?:\s?(thousand|million|billion|bn|[km])(?![\p{L}\p{N}]))?(?:[\s/-]?\s?([a-z]{1,10}))?(?![\p{L}\p{N}_])/giu;
const FACTORS: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  million: 1e6,
  bn: 1e9,
  billion: 1e9,
};
const SIGNS = new Map<string, Currency>([
  ...(['₦', '#', 'n', 'ngn', 'naira'] as const).map((s): [string, Currency] => [s, 'NGN']),
  ...(['$', 'us$', 'usd', 'dollar', 'dollars', 'bucks'] as const).map((s): [string, Currency] => [s, 'USD']),
  ...(['ugx', 'ush', 'shs', 'shilling', 'shillings'] as const).map((s): [string, Currency] => [s, 'UGX']),
]);
const DATA = /^(?:([kmgt])bs?|(gig)s?|(meg)s?|(giga|mega)bytes?)$/;
const MEGABYTES: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024 };
const PER_SECOND = /^\s?(?:\/\s?s|per sec|ps\b)/i;
/** Things that are counted, in thousands too: followers, days, times. */
const COUNTED =
  /^(?:followers?|views?|likes?|people|persons|users?|customers?|subscribers?|times?|days?|weeks?|months?|years?|yrs?|hrs?|hours?|mins?|minutes?|secs?|seconds?|am|pm|th|st|nd|rd|x|bars?|km|kbps|mbps|gbps|percent|calls?|texts?|messages?|sms|agents?|lines?|sims?|g|mhz|ghz|phones?|routers?)$/;
const MONEY_BEFORE =
  /(?<![a-z])(?:debit|deduct|charg|recharg|load|paid|pay|refund|reverse|bought|buy|bill|cost|price|balance|airtime|transfer|sent|send|withdr|deposit|owe|money|collect|chop|amount|sum|took|take|subscri|turn|now|wallet|credit|topp?ed|spent|thief|steal|stole|lost)\w*(?: (?:me|my|us|una|of|with|a|the|card|account|line|wallet|up|airtime|him|her|am|about|over|don|be|to|only|in|double|twice|money|back)){0,3} ?$/i;
/** Words that money stands behind too, if the number is of nothing else. */
const MONEY_MAYBE = /(?<![a-z])(?:be|of|at|for|with|from|was)(?: (?:about|over|the|only|just))? ?$/i;
/** A word after a number that it does not count. */
const GOES_ON = new Set(
  'on before but and or per a an since only yesterday today then i it they you we my for from in at to with don dey no so when after because each is was has have had that this by of na wey now again not'.split(
    ' ',
  ),
);
const MONEY_AFTER = /^\s?(?:airtime|naira|recharge|credit|card|only|each|from my|debited|deducted|bundle)\b/i;

const currencyOf = (zone: string): Currency =>
  zone === 'Africa/Kampala' ? 'UGX' : zone.startsWith('America/') ? 'USD' : 'NGN';

/** Amounts written in words: "five hundred naira". */
function spelled(words: Words): Amount[] {
  const { tokens } = words;
  const found: Amount[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const number = spelledNumber(tokens, at);
    if (!number) continue;
    const currency = SIGNS.get(tokens[number.to + 1]?.fold ?? '');
    if (currency) found.push({ value: number.value, currency, said: said(words, at, number.to + 1) });
    at = number.to;
  }
  return found;
}

/** A bare number is money only of a size, and beside a word, that make it so. */
function isBareMoney(
  text: string,
  from: number,
  to: number,
  value: number,
  { grouped, alone }: { readonly grouped: boolean; readonly alone: boolean },
): boolean {
  if (value < 50 || value >= 1e9 || text.charAt(from) === '0' || (!grouped && value >= 1900 && value <= 2100))
    return false;
  if (text.charAt(to) === '%') return false;
  const before = text.slice(Math.max(0, from - 40), from);
  return (
    MONEY_BEFORE.test(before) ||
    MONEY_AFTER.test(text.slice(to, to + 20)) ||
    (alone && MONEY_MAYBE.test(before))
  );
}

/**
 * Sums of money and sizes of data. A bare `5k`, or a bare number beside words of paying, is in the currency of the
 * customer's zone. Speeds are neither.
 */
export function quantitiesIn(words: Words, zone: string): { amounts: Amount[]; data: DataSize[] } {
  const { text } = words;
  const amounts: Amount[] = [];
  const data: DataSize[] = [];
  if (!/\d/.test(text)) return { amounts: spelled(words).slice(0, MOST), data };
  for (const match of text.matchAll(QUANTITY)) {
    const [whole, sign, digits = '', decimals = '', factor, unit = ''] = match;
    const end = match.index + whole.length;
    const word = unit.toLowerCase();
    const number = Number(digits.replaceAll(',', '') + decimals);
    const size = !sign && DATA.exec(`${factor?.length === 1 ? factor : ''}${word}`.toLowerCase());
    const bytes = size && (size[1] ?? size[2] ?? size[3] ?? size[4])?.charAt(0);
    if (bytes) {
      const sizes = { mb: number * (MEGABYTES[bytes] ?? 1), said: whole.trim() };
      if (!PER_SECOND.test(text.slice(end, end + 8))) data.push(sizes);
      continue;
    }
    const named = SIGNS.get(word);
    const value = Math.round(number * (FACTORS[factor?.toLowerCase() ?? ''] ?? 1) * 100) / 100;
    const currency = SIGNS.get(sign?.toLowerCase() ?? '') ?? named;
    const start = match.index;
    const stop = named || unit === '' ? end : end - unit.length;
    const written = text.slice(start, stop).trim();
    if (currency) amounts.push({ value, currency, said: written });
    else if (
      !COUNTED.test(word) &&
      (factor !== undefined
        ? !/^m$/i.test(factor)
        : isBareMoney(text, start, stop, value, {
            grouped: digits.includes(','),
            alone: unit === '' || GOES_ON.has(word),
          }))
    ) {
      amounts.push({ value, currency: currencyOf(zone), said: written });
    }
  }
  return { amounts: [...amounts, ...spelled(words)].slice(0, MOST), data: data.slice(0, MOST) };
}
