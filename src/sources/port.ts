import type { Envelope } from '../complaint/envelope.js';

/** A stretch of a finite source (file): envelopes and how far into it they reach. */
export type SourceBatch = {
  readonly envelopes: readonly Envelope[];
  /** 1-based numbers of the first and last row of this stretch. */
  readonly rows: { readonly from: number; readonly to: number };
};

/** What a second, independent reader counted; compared with what the parser handed over. */
export type SourceCensus = {
  readonly bytes: number;
  /** Physical lines (newline characters, plus a last line without one). */
  readonly lines: number;
  readonly sha256: string;
};

/** A finite source: read once from the start, in order. Throws `RedressError` for a file that can't be read at all. */
export interface FileSource {
  /** Batches of at most `size` rows. */
  read(size: number): AsyncIterable<SourceBatch>;
  /** Physical lines that the rows handed over so far (with header and blank lines) covered. */
  linesCovered(): number;
  census(): Promise<SourceCensus>;
}
