import { isAscii, isUtf8 } from 'node:buffer';

export type Utf8Count = {
  /** Characters of two bytes and more. */
  readonly characters: number;
  /** Bytes that belong to none. */
  readonly invalid: number;
  /** Bytes at the very end (0 to 3) that begin a character which the end cuts off; in neither of the others. */
  readonly cut: number;
};

/** Bytes that a character has by its first byte; 0 for a byte that begins none. */
const lengthOf = (byte: number): number =>
  byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;

/** Bytes at the end that may be the beginning of a character. */
function cutOff(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return lengthOf(byte) > back ? back : 0;
  }
  return 0;
}

/** Counts over all chunks as if they were one, holding at most three bytes. */
export function createUtf8Check() {
  let characters = 0;
  let invalid = 0;
  let rest = Buffer.alloc(0);

  function count(bytes: Buffer): void {
    const valid = isUtf8(bytes);
    for (let at = 0; at < bytes.length; ) {
      const length = lengthOf(bytes[at] as number);
      const character = length > 1 && (valid || isUtf8(bytes.subarray(at, at + length)));
      if (character) characters += 1;
      else if (length !== 1) invalid += 1;
      at += character ? length : 1;
    }
  }

  return {
    add(chunk: Buffer): void {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      const cut = cutOff(bytes);
      rest = Buffer.from(bytes.subarray(bytes.length - cut));
      const whole = bytes.subarray(0, bytes.length - cut);
      if (!isAscii(whole)) count(whole);
    },
    end: (): Utf8Count => ({ characters, invalid, cut: rest.length }),
  };
}
