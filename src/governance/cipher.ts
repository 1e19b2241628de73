import { createCipheriv, createDecipheriv, createHmac, randomFillSync } from 'node:crypto';

/** Versioned AES-256 keys, and the key of the customer hash (which rotation does not touch). */
export type SecretKeys = {
  readonly encryption: ReadonlyMap<number, Buffer>;
  readonly hash: Buffer;
};

export type Cipher = {
  /** Version byte pair, IV, tag, ciphertext; bound to `context` (the record's id), so that pieces can't be swapped. */
  seal(plain: Buffer, context: string): Buffer;
  /** Undefined if the key version is not known or the bytes were damaged or moved. */
  open(sealed: Buffer, context: string): Buffer | undefined;
  /** Keyed hash of an identifier (HMAC-SHA256, 128 bits hex): equal for equal numbers, useless without the key. */
  pseudonym(kind: string, value: string): string;
};

const IV = 12;
const TAG = 16;
const HEAD = 2 + IV + TAG;

/** Random bytes are drawn for many at a time: asking the system for each costs more than sealing. */
function ivSource(): () => Buffer {
  const pool = Buffer.alloc(IV * 512);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    at += IV;
    return Buffer.from(pool.subarray(at - IV, at));
  };
}

export function createCipher(keys: SecretKeys): Cipher {
  const freshIv = ivSource();
  const newest = Math.max(...keys.encryption.keys());
  const current = keys.encryption.get(newest) as Buffer;
  return {
    seal(plain, context) {
      const iv = freshIv();
      const cipher = createCipheriv('aes-256-gcm', current, iv).setAAD(Buffer.from(context));
      const body = [cipher.update(plain), cipher.final()];
      const version = Buffer.alloc(2);
      version.writeUInt16BE(newest);
      return Buffer.concat([version, iv, cipher.getAuthTag(), ...body]);
    },
    open(sealed, context) {
      const key = sealed.length >= HEAD ? keys.encryption.get(sealed.readUInt16BE(0)) : undefined;
      if (!key) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(2, 2 + IV))
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(2 + IV, HEAD));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(HEAD)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
    pseudonym: (kind, value) =>
      createHmac('sha256', keys.hash).update(`${kind}\0${value}`).digest('hex').slice(0, 32),
  };
}
