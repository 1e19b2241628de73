/** One line of a stream: its bytes without white space at the ends, or that it is longer than is taken. */
export type Line = { readonly line: number } & ({ readonly bytes: Buffer } | { readonly tooLarge: number });

export type LineCutter = {
  /** The lines that end within `chunk`, in order; blank ones are passed over. To be read to its end before the next. */
  push(chunk: Buffer): Iterable<Line>;
  /** What follows the last line end, if it is more than white space. Nothing afterwards. */
  rest(): Line | undefined;
};

const NEWLINE = 0x0a;
/** Parts of one line kept apart; a sender of single bytes must not fill the memory with them. */
const MOST_PARTS = 64;

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0d || byte === 0x09;

function trimmed(bytes: Buffer): Buffer {
  let start = 0;
  let end = bytes.length;
  while (start < end && isSpace(bytes[start])) start += 1;
  while (end > start && isSpace(bytes[end - 1])) end -= 1;
  return bytes.subarray(start, end);
}

/**
 * Cuts chunks of any size into lines. Bytes stay bytes, so that a character on the border of two chunks stays whole;
 * of a line over `most` bytes only its length is kept.
 */
export function lineCutter(most: number): LineCutter {
  let parts: Buffer[] = [];
  let length = 0;
  let line = 1;

  function keep(part: Buffer): void {
    length += part.length;
    if (length > most) parts = [];
    else if (part.length > 0) parts.push(part);
    if (parts.length >= MOST_PARTS) parts = [Buffer.concat(parts)];
  }

  function taken(): Line | undefined {
    const found: Line =
      length > most ? { line, tooLarge: length } : { line, bytes: trimmed(Buffer.concat(parts)) };
    parts = [];
    length = 0;
    return 'bytes' in found && found.bytes.length === 0 ? undefined : found;
  }

  return {
    *push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        keep(chunk.subarray(start, end));
        const found = taken();
        line += 1;
        start = end + 1;
        if (found) yield found;
      }
      // A copy: what waits for its end must not hold the chunk, whose memory is used again.
      if (start < chunk.length) keep(Buffer.from(chunk.subarray(start)));
    },
    rest: taken,
  };
}
