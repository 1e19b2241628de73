/** Above this code point one character can become many: emoji their names, a ligature its letters. */
const MAY_GROW = 0x2000;
/** Characters of text that one UTF-16 unit of those can become, as far as it matters: one of a pair, half as many. */
const GROWN = 9;
/** More of a text is not read by any model (MOST_WINDOWS): it costs no more. */
const MOST = 16_384;

/** About how many plain characters a text is to a model that reads it, which is what time is spent by. */
export function costOf(text: unknown): number {
  if (typeof text !== 'string') return 0;
  let cost = 0;
  for (let i = 0; i < text.length && cost < MOST; i++) cost += text.charCodeAt(i) < MAY_GROW ? 1 : GROWN;
  return Math.min(cost, MOST);
}
