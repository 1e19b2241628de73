import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { SourceCensus } from '../port.js';

const LF = 10;
const CR = 13;

/** Counts lines over pieces of a text that follow each other. LF, CR LF and CR end a line. */
export class LineCounter {
  #lines = 0;
  #last = LF;
  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === LF ? this.#last !== CR : byte === CR) this.#lines += 1;
      this.#last = byte;
    }
  }
  /** With a last line that has no end. */
  get lines(): number {
    return this.#lines + (this.#last === LF || this.#last === CR ? 0 : 1);
  }
}

/** Counts a file without parsing it: the second reader, which knows nothing of quotes. */
export async function census(path: string): Promise<SourceCensus> {
  const hash = createHash('sha256');
  const counter = new LineCounter();
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    counter.add(chunk);
    bytes += chunk.length;
  }
  return { bytes, lines: counter.lines, sha256: hash.digest('hex') };
}
