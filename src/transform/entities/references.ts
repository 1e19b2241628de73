import { parseReference } from '../../complaint/reference.js';

const MOST = 10;

/** Ours, with its dashes: enough to know it without a word before it. */
const WRITTEN = /(?<![\p{L}\p{N}])[0-9a-z]{5}[-–—][0-9a-z]{5}[-–—][0-9a-z](?![\p{L}\p{N}])/giu;
/** A word for a ticket, `no`, `id` or a sign, then the number; `nr` before `1tc9` is the beginning of one of ours. */
const CUED =
  /(?<![\p{L}\p{N}])(?:ticket|tickets|tkt|tickt|case|ref|reference|complaint|incident|sr|request|interaction)(?!\p{L}|\d+[a-z])(?:[ ]?(?:number|no|num|nr|id|code|reference|ref|is|was|with)(?!\p{L}|\d+[a-z])){0,3}[\s.:#(–-]{0,4}(?=([0-9a-z][0-9a-z/_ –—-]{2,24}[0-9a-z]))/giu;
const NUMBER = /^[0-9a-z]+(?:[-/_][0-9a-z]+){0,4}/i;
const DATE = /^\d{1,4}[-/]\d{1,2}[-/]\d{1,4}$/;
const DURATION = /^\d+ ?(?:days?|weeks?|months?|hours?|hrs?|times?|mins?|naira|k|mb|gb)$/i;

/** The number that begins here, in capitals: ours if its check character is right, else any with three digits or more. */
function numberIn(cued: string): string | undefined {
  for (const length of [11, 13, 15]) {
    const ours = parseReference(cued.slice(0, length));
    if (ours !== undefined && !/[0-9a-z]/i.test(cued.charAt(length))) return ours;
  }
  const number = NUMBER.exec(cued)?.[0] ?? '';
  const digits = number.replace(/\D/g, '').length;
  if (digits < 3 || number.length > 20 || DATE.test(number) || DURATION.test(number)) return undefined;
  if (
    /^\d+$/.test(number) &&
    DURATION.test(`${number} ${/^ (\w+)/.exec(cued.slice(number.length))?.[1] ?? ''}`)
  )
    return undefined;
  return number.toUpperCase();
}

/** Ticket and case numbers that a message quotes. One of ours with a wrong check character is none. */
export function referencesIn(text: string): string[] {
  const found = new Set<string>();
  for (const [written] of text.matchAll(WRITTEN)) {
    const ours = parseReference(written);
    if (ours !== undefined) found.add(ours);
  }
  for (const [, cued = ''] of text.matchAll(CUED)) {
    const number = numberIn(cued);
    const mistyped =
      number !== undefined && /^[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]$/.test(number) && !parseReference(number);
    if (number !== undefined && !mistyped) found.add(number);
  }
  return [...found].slice(0, MOST);
}
