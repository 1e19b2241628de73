import { createHash } from 'node:crypto';
import { isWide } from '../csv-text.js';
import { createUtf8Check, type Utf8Count } from './utf8.js';

const LF = 10;
const CR = 13;

export type ContentCount = {
  readonly bytes: number;
  /** Physical lines (LF, CR LF and CR end one), and a last one without line end. */
  readonly lines: number;
  readonly unterminated: boolean;
  readonly sha256: string;
  readonly utf8: Utf8Count;
};

/** Feeds chunks of one-byte or two-byte units and counts lines; knows nothing of quotes. */
function lineCounter(wide: string | undefined) {
  let lines = 0;
  let last = LF;
  let half = -1;
  const unit = (value: number): void => {
    if (value === LF ? last !== CR : value === CR) lines += 1;
    last = value;
  };
  return {
    add(chunk: Buffer): void {
      if (wide === undefined) {
        for (let i = 0; i < chunk.length; i += 1) {
          const byte = chunk[i] as number;
          if (byte === LF ? last !== CR : byte === CR) lines += 1;
          last = byte;
        }
        return;
      }
      for (let i = 0; i < chunk.length; i += 1) {
        const byte = chunk[i] as number;
        if (half >= 0) unit(wide === 'utf-16le' ? half | (byte << 8) : (half << 8) | byte);
        half = half >= 0 ? -1 : byte;
      }
    },
    end() {
      const unterminated = last !== LF && last !== CR;
      return { lines: lines + (unterminated ? 1 : 0), unterminated };
    },
  };
}

/**
 * Counts a content without parsing it: the second reader. `encoding` only says whether units have one or two bytes;
 * of one-byte units it also counts what is and what is not UTF-8.
 */
export async function census(content: AsyncIterable<Buffer>, encoding: string): Promise<ContentCount> {
  const hash = createHash('sha256');
  const wide = isWide(encoding) ? encoding : undefined;
  const counter = lineCounter(wide);
  const utf8 = createUtf8Check();
  let bytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    bytes += chunk.length;
    counter.add(chunk);
    if (wide === undefined) utf8.add(chunk);
  }
  return { bytes, ...counter.end(), sha256: hash.digest('hex'), utf8: utf8.end() };
}
