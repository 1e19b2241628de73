import { isUtf8 } from 'node:buffer';

/** Deeper than anything the REST schema knows; what is deeper is not looked at. */
const MOST_DEPTH = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Why bytes are no JSON. `detail` says where, never what stands there. */
export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly detail: string };

/** Index just after the string that opens at `at`, or the end of the bytes if it is never closed. */
export function afterString(bytes: Uint8Array, at: number): number {
  for (let i = at + 1; i < bytes.length; i++) {
    if (bytes[i] === BACKSLASH) i += 1;
    else if (bytes[i] === QUOTE) return i + 1;
  }
  return bytes.length;
}

function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      i = afterString(bytes, i);
      continue;
    }
    if (byte === OPEN_BRACKET || byte === OPEN_BRACE) depth += 1;
    if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth -= 1;
    if (depth > MOST_DEPTH) return true;
    i += 1;
  }
  return false;
}

/**
 * Reads one JSON text: strict UTF-8, no byte order mark, bounded depth. A repeated key has its last value. An own key
 * `__proto__` stays an own key: whoever copies must not assign it.
 */
export function readJson(bytes: Buffer): JsonResult {
  if (bytes.length === 0) return { ok: false, detail: 'It is empty.' };
  if (!isUtf8(bytes)) return { ok: false, detail: 'It is not valid UTF-8.' };
  if (bytes[0] === 0xef) return { ok: false, detail: 'It begins with a byte order mark; JSON has none.' };
  if (isTooDeep(bytes)) return { ok: false, detail: `It is nested more than ${MOST_DEPTH} levels deep.` };
  try {
    return { ok: true, value: JSON.parse(bytes.toString('utf8')) };
  } catch (error) {
    // The engine's message quotes the text; only its position may be told.
    const position = /at position (\d+)/.exec((error as Error).message)?.[1];
    const where = position === undefined ? '' : ` near character ${position}`;
    return { ok: false, detail: `It is not valid JSON${where}.` };
  }
}

/** JSON with keys in order and no white space: equal content, equal text. `value` must be of bounded depth. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  const pairs = keys.map(
    (k) => `${JSON.stringify(k)}:${canonicalJson((value as Record<string, unknown>)[k])}`,
  );
  return `{${pairs.join(',')}}`;
}
