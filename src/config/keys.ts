import { z } from 'zod';

/** Bytes of canonical base64 (line breaks of a tool's output are dropped), or undefined. */
function bytesOf(text: string): Buffer | undefined {
  const compact = text.replace(/\s+/g, '');
  const bytes = Buffer.from(compact, 'base64');
  return bytes.toString('base64') === compact ? bytes : undefined;
}

const MAX_VERSION = 65_535; // two bytes in front of every sealed piece

/** Reads one `version:base64` pair, or says what is wrong with it, without showing it. */
function readKey(pair: string, index: number): { version: number; key: Buffer } | { problem: string } {
  const [, digits, base64 = ''] = /^(\d{1,5}):(.*)$/s.exec(pair.trim()) ?? [];
  const nth = `entry ${index + 1}`;
  if (digits === undefined) return { problem: `${nth} is not of the form version:base64` };
  const version = Number(digits);
  if (version < 1 || version > MAX_VERSION) {
    return { problem: `${nth} has a version outside 1 to ${MAX_VERSION}` };
  }
  const key = bytesOf(base64);
  return key?.length === 32
    ? { version, key }
    : { problem: `version ${version} is not the base64 of 32 bytes (44 characters)` };
}

/**
 * `1:base64,2:base64`: versioned AES-256 keys. New writes take the highest version; the others stay readable.
 * Messages never hold key material.
 */
export const EncryptionKeys = z
  .string()
  .max(65_536)
  .transform((text, context): ReadonlyMap<number, Buffer> => {
    const keys = new Map<number, Buffer>();
    for (const [index, pair] of text.split(',').entries()) {
      const read = readKey(pair, index);
      const repeated = 'version' in read && keys.has(read.version);
      if ('problem' in read || repeated) {
        const message = 'problem' in read ? read.problem : `version ${read.version} is there twice`;
        context.addIssue({ code: 'custom', message: `does not fit: ${message}` });
        return z.NEVER;
      }
      keys.set(read.version, read.key);
    }
    return keys;
  });

/** Base64 of at least 32 bytes. */
export const HashKey = z
  .string()
  .max(8_192)
  .transform((text, context) => {
    const key = bytesOf(text);
    if (key !== undefined && key.length >= 32) return key;
    context.addIssue({ code: 'custom', message: 'is not the base64 of 32 bytes or more' });
    return z.NEVER;
  });
