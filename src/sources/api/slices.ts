import { afterString } from './json.js';

/** The bytes of one item of a batch, exactly as received, and the physical line it begins on (1-based). */
export type Slice = { readonly bytes: Buffer; readonly line: number };

export type Slices =
  /** `items` holds the first ones, `count` says how many there are: a few bytes of commas are millions of items. */
  | { readonly ok: true; readonly items: readonly Slice[]; readonly count: number }
  /** The body as a whole can't be cut into items. */
  | { readonly ok: false; readonly detail: string };

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;

/** Where the text between two places begins and ends without the white space around it. */
function trimmed(bytes: Buffer, from: number, to: number): readonly [start: number, end: number] {
  let start = from;
  let end = to;
  while (start < end && isSpace(bytes[start])) start += 1;
  while (end > start && isSpace(bytes[end - 1])) end -= 1;
  return [start, end];
}

const isEmpty = (bytes: Buffer, from: number, to: number): boolean => {
  const [start, end] = trimmed(bytes, from, to);
  return start === end;
};

/** Line numbers of rising positions in one pass. */
function lineCounter(bytes: Buffer): (at: number) => number {
  let line = 1;
  let next = bytes.indexOf(NEWLINE);
  return (at) => {
    while (next !== -1 && next < at) {
      line += 1;
      next = bytes.indexOf(NEWLINE, next + 1);
    }
    return line;
  };
}

/**
 * Cuts a JSON array into its items by brackets and strings alone: an item that is no JSON itself is still one item,
 * so that it does not stop its neighbours. If the whole is valid JSON, the items are those of JSON.parse. An item
 * between two commas with nothing in it is an empty slice. At most `most` items are kept.
 */
export function sliceArray(bytes: Buffer, most: number): Slices {
  const lineAt = lineCounter(bytes);
  let at = 0;
  while (isSpace(bytes[at])) at += 1;
  if (bytes[at] !== OPEN_BRACKET) return { ok: false, detail: 'It is not a JSON array.' };
  const items: Slice[] = [];
  let depth = 1;
  let start = ++at;
  let count = 0;
  const cut = (end: number) => {
    count += 1;
    if (count <= most) {
      const [from, to] = trimmed(bytes, start, end);
      items.push({ bytes: bytes.subarray(from, to), line: lineAt(from) });
    }
    start = end + 1;
  };
  while (at < bytes.length && depth > 0) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = afterString(bytes, at);
      continue;
    }
    if (byte === OPEN_BRACKET || byte === OPEN_BRACE) depth += 1;
    else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth -= 1;
    else if (byte === COMMA && depth === 1) cut(at);
    at += 1;
  }
  if (depth > 0 || bytes[at - 1] !== CLOSE_BRACKET)
    return { ok: false, detail: 'The brackets or quotation marks of the array do not match.' };
  if (!isEmpty(bytes, at, bytes.length))
    return { ok: false, detail: 'Something stands after the end of the array.' };
  if (count > 0 || !isEmpty(bytes, start, at - 1)) cut(at - 1);
  return { ok: true, items, count };
}

/** One item a line; blank lines are passed over, line ends are not part of an item. At most `most` items are kept. */
export function sliceLines(bytes: Buffer, most: number): Slices {
  const items: Slice[] = [];
  let count = 0;
  for (let start = 0, line = 1; start < bytes.length; line++) {
    if (bytes[start] === NEWLINE) {
      start += 1;
      continue;
    }
    const found = bytes.indexOf(NEWLINE, start);
    const end = found === -1 ? bytes.length : found;
    const [from, to] = trimmed(bytes, start, end);
    if (from < to && ++count <= most) items.push({ bytes: bytes.subarray(from, to), line });
    start = end + 1;
  }
  return { ok: true, items, count };
}
