import { setImmediate as giveWay } from 'node:timers/promises';
import type { CountryCode } from 'libphonenumber-js/max';
import { redactText } from '../governance/privacy/redact.js';
import { cleanText } from './steps/clean.js';

/** Raised when cleaning or redaction changes: what a model was trained on is then not what it is given. */
export const SEEN_TEXT_VERSION = 3;

/** Characters that are cleaned and redacted in a row before others have their turn of the event loop. */
const IN_A_ROW = 16_384;

/**
 * A raw text as the model sees it in the pipeline: cleaned, then redacted. For labelling without storing. `own`: names
 * and handles of our operator, which are nobody's.
 */
export const seenText = (raw: string, region: CountryCode, own: readonly string[] = []): string =>
  redactText(cleanText(raw), region, { own });

/** Many of them, giving way in between; throws the signal's reason once it has aborted. */
export async function seenTexts(
  raws: readonly string[],
  { region, names }: { readonly region: CountryCode; readonly names: readonly string[] },
  signal: AbortSignal,
): Promise<string[]> {
  const seen: string[] = [];
  let chars = 0;
  for (const raw of raws) {
    chars += raw.length;
    if (chars > IN_A_ROW) {
      await giveWay(undefined, { signal });
      chars = raw.length;
    }
    seen.push(seenText(raw, region, names));
  }
  return seen;
}
