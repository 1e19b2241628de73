import type { Source } from './aligned.js';
import type { QuarantineReason } from './reasons.js';

/**
 * How the door tells records apart (law 4).
 * - `sender`: the sender's own id (message id, externalId, Idempotency-Key): the same id is the same record.
 * - `row`: a file row without one: hash of its content and of how many identical rows came before it in the file.
 * - `none`: a post without an id is always new.
 */
export type Identity =
  | { readonly kind: 'sender'; readonly space: string; readonly value: string }
  | { readonly kind: 'row'; readonly occurrence: number }
  | { readonly kind: 'none' };

/** Where the piece stood; bounded, without personal data, shown in lineage. */
export type Position = {
  /** `file` (name and sha256), `request` (request id) or `page` (cursor). */
  readonly kind: 'file' | 'request' | 'page';
  readonly of: string;
  /** 1-based row or item number. */
  readonly index: number;
  /** 1-based first physical line in the file, where there is one. */
  readonly line?: number;
};

/** How a raw piece is read again: a JSON object of the REST schema, or a CSV row with the headings it stood under. */
export type RawFormat =
  | { readonly kind: 'json' }
  | {
      readonly kind: 'csv';
      readonly headings: readonly string[];
      readonly delimiter: string;
      /** Of the row's own bytes, as TextDecoder names it: declared by the feed, or found once for its file. */
      readonly encoding: string;
      /** false: a quote was a character like any other. */
      readonly quotes?: false;
      /** The one format found for the times of its file, where the feed says `dates.format: auto`. */
      readonly dateFormat?: string;
    };

/** What a source hands over: the smallest self-contained raw piece, exactly as received. */
export type Envelope = {
  readonly feed: string;
  readonly source: Source;
  readonly identity: Identity;
  /** What the piece says, in parts whose order does not matter to the sender: equal content, equal parts. */
  readonly content: readonly string[];
  /** The piece's own bytes (a JSON item, a CSV row), at most LIMITS.rawBytes. */
  readonly raw: Buffer;
  readonly format: RawFormat;
  readonly position: Position;
  /** Already known to be unusable: staged all the same, as quarantined. */
  readonly reason?: { readonly code: QuarantineReason; readonly detail: string };
};
