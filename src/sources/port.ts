import type { Envelope } from '../complaint/envelope.js';

/** A stretch of a finite source (file): envelopes and how far into it they reach. */
export type SourceBatch = {
  readonly envelopes: readonly Envelope[];
  /** 1-based numbers of the first and last row of this stretch. */
  readonly rows: { readonly from: number; readonly to: number };
};

/** What a second, independent reader counted; compared with what the parser handed over. */
export type SourceCensus = {
  /** Of the content, unpacked. */
  readonly bytes: number;
  /** Physical lines of the content (LF, CR LF and CR end one), plus a last line without line end. */
  readonly lines: number;
  /** The last line has no line end. */
  readonly unterminated: boolean;
  /** Of the file as it lies there, packed or not; hex. */
  readonly sha256: string;
};

export type ReadOptions = {
  /** Rows at the beginning that are in already. */
  readonly skipRows?: number;
  /** Is given their envelopes one by one, in order: what is counted over a whole input counts them too. */
  readonly onSkipped?: (envelope: Envelope) => void;
};

/**
 * A finite source: read once from the start, in order. Reading throws `RedressError` for a file that can't be read at
 * all, and `changed_while_read`, before the last batch, for one whose content is not the one that was counted.
 */
export interface FileSource {
  /**
   * Batches of at most `size` rows, from the first row at every call. The first `skipRows` rows are read and counted
   * for the identity of later ones, but not handed over in batches: so an import goes on where it ended.
   */
  read(size: number, options?: ReadOptions): AsyncIterable<SourceBatch>;
  /** Physical lines that the rows handed over so far (with header and blank lines) covered. */
  linesCovered(): number;
  census(): Promise<SourceCensus>;
}
