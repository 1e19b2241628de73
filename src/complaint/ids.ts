import { createHash, randomBytes } from 'node:crypto';
import type { Envelope } from './envelope.js';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Bytes as Crockford base32, lower case, 5 bits a character, the last one padded with zero bits. */
export function base32(bytes: Uint8Array): string {
  let out = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer & 31) << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(buffer >>> bits) & 31];
    }
  }
  return bits > 0 ? out + ALPHABET[(buffer << (5 - bits)) & 31] : out;
}

/**
 * sha256 over parts with their lengths in front: ["ab","c"] and ["a","bc"] differ. Hashed as UTF-16, so that an
 * unpaired surrogate is itself and not U+FFFD.
 */
export function hashParts(parts: readonly string[]): Buffer {
  const lengths = parts.map((part) => part.length).join(',');
  return createHash('sha256')
    .update(Buffer.from(`${lengths};${parts.join('')}`, 'utf16le'))
    .digest();
}

const PREFIX = 'c'; // never all digits: a queue refuses such job ids, a spreadsheet turns them into numbers
const ID_BYTES = 15; // 120 bits, 24 characters

/** sha256 of what a record says, base32; equal content, equal hash. */
export const contentHash = (envelope: Pick<Envelope, 'content'>): string =>
  base32(hashParts(envelope.content).subarray(0, 20));

/** The complaint's id, from the door to the desk: a hash of feed and identity, or random where the sender gave none. */
export function complaintId(envelope: Pick<Envelope, 'feed' | 'identity' | 'content'>): string {
  const { feed, identity, content } = envelope;
  if (identity.kind === 'none') return PREFIX + base32(randomBytes(ID_BYTES));
  const parts =
    identity.kind === 'sender'
      ? ['sender', feed, identity.space, identity.value]
      : ['row', feed, String(identity.occurrence), ...content];
  return PREFIX + base32(hashParts(parts).subarray(0, ID_BYTES));
}

/** A sortable id for runs: UTC time to the second and 40 random bits, e.g. `20261125t021942-8f3k1m0q`. */
export function runId(now: Date): string {
  const time = now.toISOString().slice(0, 19).replace(/[-:]/g, '').toLowerCase();
  return `${time}-${base32(randomBytes(5))}`;
}
