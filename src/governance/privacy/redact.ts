import type { CountryCode } from 'libphonenumber-js/max';
import { account } from './account.js';
import { address } from './address.js';
import { card } from './card.js';
import { codes } from './code.js';
import { iccid, imei } from './device.js';
import { email } from './email.js';
import { fold, MASK } from './fold.js';
import { handle } from './handle.js';
import { id } from './id.js';
import { bvn, nin } from './identity.js';
import { name } from './name.js';
import { phone } from './phone.js';
import { spoken } from './spoken.js';
import type { Context, Recogniser, Span, View } from './types.js';

export type RedactionOptions = {
  /** Names and handles of our operator; they stay. Default: none. */
  readonly own?: readonly string[];
};

/** Who comes first wins where two overlap: what has a cue before what has a shape, long shapes before short ones. */
const RECOGNISERS: readonly Recogniser[] = [
  email(),
  iccid(),
  nin(),
  bvn(),
  imei(),
  card(),
  ...codes(),
  id(),
  account(),
  phone(),
  spoken(),
  handle(),
  address(),
  name(),
];
/** A pass more after the first is needed where one span stood in another's way; more than two are made up. */
const MOST_PASSES = 8;

/** The spans of one pass: by order of the recognisers, then the longer one, then the first. In order of position. */
function pass(view: View, context: Context): readonly Span[] {
  const kept: Span[] = [];
  const used = new Uint8Array(view.text.length);
  for (const recogniser of RECOGNISERS) {
    const found = [...recogniser(view, context)];
    if (found.length > 1) found.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
    for (const span of found) {
      const inside = used.subarray(span.start, span.end);
      if (inside.includes(1) || view.text.slice(span.start, span.end).includes(MASK)) continue;
      inside.fill(1);
      kept.push(span);
    }
  }
  return kept
    .map(({ start, end, type }) => ({
      start: view.starts[start] as number,
      end: view.ends[end - 1] as number,
      type,
    }))
    .sort((a, b) => a.start - b.start);
}

/** Personal data in a text, in order and apart; offsets in UTF-16 units of the text as given. */
export function personalSpans(
  text: string,
  region: CountryCode,
  options: RedactionOptions = {},
): readonly Span[] {
  const context = { region, own: new Set((options.own ?? []).map((o) => o.toLowerCase().replace(/^@/, ''))) };
  let spans: readonly Span[] = [];
  for (let i = 0; i < MOST_PASSES; i++) {
    const more = pass(fold(text, spans), context);
    if (more.length === 0) break;
    spans = [...spans, ...more].sort((a, b) => a.start - b.start);
  }
  return spans;
}

/**
 * The text with personal data as typed tokens: `call [PHONE]`. Everything else stays byte for byte. `region` is where
 * numbers without a country code are from. Redacting twice changes nothing.
 */
export function redactText(text: string, region: CountryCode, options: RedactionOptions = {}): string {
  let out = '';
  let at = 0;
  for (const { start, end, type } of personalSpans(text, region, options)) {
    out += `${text.slice(at, start)}[${type}]`;
    at = end;
  }
  return out + text.slice(at);
}
