import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { SourceCensus } from '../port.js';

const LF = 10;
const CR = 13;

/** Counts a file without parsing it: the second reader, which knows nothing of quotes. LF, CR LF and CR end a line. */
export async function census(path: string): Promise<SourceCensus> {
  const hash = createHash('sha256');
  let bytes = 0;
  let lines = 0;
  let last = LF;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
    for (const byte of chunk) {
      if (byte === LF ? last !== CR : byte === CR) lines += 1;
      last = byte;
    }
  }
  const unterminated = last !== LF && last !== CR;
  if (unterminated) lines += 1;
  return { bytes, lines, unterminated, sha256: hash.digest('hex') };
}
