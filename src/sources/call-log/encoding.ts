import { fileError } from './file-errors.js';
import type { Utf8Count } from './utf8.js';

/** UTF-16 without a mark shows by its zero bytes: about half of them in European text, all on one side. */
const LEAST_NULS = 0.2;
const ONE_SIDED = 0.9;
/** A file that is mostly UTF-8 has some broken rows; one that is not has hardly a valid character in it. */
const MOSTLY = 20;

const MARKS = [
  ['utf-8', '\xef\xbb\xbf'],
  ['utf-16le', '\xff\xfe'],
  ['utf-16be', '\xfe\xff'],
] as const;
const UTF_32 = ['\xff\xfe\x00\x00', '\x00\x00\xfe\xff'];

export type EncodingSign =
  /** Certain from the first bytes: declared, marked or plain UTF-16. */
  | { readonly known: string; readonly bom: number }
  /** One byte a unit: which it is, only the whole tells. */
  | { readonly known: undefined; readonly bom: 0 };

/**
 * What the first bytes (some thousand) and the feed say of the encoding. `declared` is kept to, and a mark that says
 * otherwise is an error. Throws RedressError `encoding_unclear`. `bom` is the length of the mark in bytes.
 */
export function encodingSign(head: Buffer, declared: string, name: string): EncodingSign {
  const start = head.toString('latin1', 0, 4);
  if (UTF_32.some((mark) => start.startsWith(mark)))
    throw fileError('encoding_unclear', `${name} is UTF-32.`);
  const [marked, mark = ''] = MARKS.find(([, m]) => start.startsWith(m)) ?? [];
  if (declared !== 'auto') {
    if (marked === undefined || marked === declared) return { known: declared, bom: mark.length };
    throw fileError('encoding_unclear', `${name} is marked as ${marked}, but its feed declares ${declared}.`);
  }
  if (marked !== undefined) return { known: marked, bom: mark.length };
  const nuls = [0, 0] as [number, number];
  for (let i = 0; i < head.length; i += 1) if (head[i] === 0) nuls[i % 2 === 0 ? 0 : 1] += 1;
  const [even, odd] = nuls;
  if (even + odd < head.length * LEAST_NULS) return { known: undefined, bom: 0 };
  // In UTF-16LE the zero byte of an ASCII character is its second.
  if (odd >= (even + odd) * ONE_SIDED) return { known: 'utf-16le', bom: 0 };
  if (even >= (even + odd) * ONE_SIDED) return { known: 'utf-16be', bom: 0 };
  throw fileError('encoding_unclear', `${name} is no text: much of it are zero bytes.`);
}

/**
 * The encoding of a content of one-byte units, from all of it: UTF-8 if it is valid, or valid but for a few bytes
 * (their rows are quarantined as bad_encoding); else Windows-1252, in which nothing is invalid. A character that the
 * end cuts off speaks against nothing. Where one such byte is all that is not ASCII, it is a letter of Windows-1252
 * (a last word like "café"): a single byte is no sign of UTF-8, while two in its order hardly are text in Windows-1252.
 */
export function encodingOfWhole({ characters, invalid, cut }: Utf8Count): 'utf-8' | 'windows-1252' {
  if (characters === 0 && invalid === 0 && cut === 1) return 'windows-1252';
  return characters >= invalid * MOSTLY ? 'utf-8' : 'windows-1252';
}
