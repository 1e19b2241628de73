import type { Binary } from 'mongodb';
import type { Source } from '../complaint/aligned.js';
import type { Position, RawFormat } from '../complaint/envelope.js';
import type { QuarantineReason, RefusalReason } from '../complaint/reasons.js';

export type Lane = 'live' | 'bulk';

/** `conflict`: same id, other content; kept and shown beside the record it disagrees with, never transformed. */
export type StagingStatus = 'received' | 'transformed' | 'quarantined' | 'discarded' | 'failed' | 'conflict';

/** `always` and `never` come from an import's flag, `auto` leaves it to age and source status. */
export type RoutePolicy = 'auto' | 'always' | 'never';

/** Where records stand that a person looks at; `src/store/indexes.ts` has them in an index of their own. */
export const QUARANTINE_STATUSES = ['quarantined', 'failed', 'conflict', 'discarded'] as const;
export type QuarantineStatus = (typeof QUARANTINE_STATUSES)[number];

/** What a person decided last about a record. */
export type Decision = {
  readonly what: 'replayed' | 'discarded' | 'accepted';
  /** API key name, or `cli`. */
  readonly by: string;
  readonly at: Date;
  /** The same on every record that one request or command changed; the audit names it. */
  readonly operation: string;
  /** Of a discard: why, redacted. */
  readonly why?: string;
};

/** Raised when a raw piece or its `format` is staged in a way that the program before can't read. */
export const STAGING_VERSION = 1;

/** One raw piece as staged. Nothing in it is readable without the key but ids, times and counts. */
export type StagingRecord = {
  readonly _id: string;
  /** STAGING_VERSION of the program that staged it; absent before there were numbers. Every older one is read. */
  readonly v?: number;
  /** What people quote, see complaint/reference. */
  readonly reference: string;
  readonly feed: string;
  readonly source: Source;
  readonly lane: Lane;
  readonly run: string;
  readonly receipt: string;
  readonly day: string;
  readonly receivedAt: Date;
  readonly route: RoutePolicy;
  readonly contentHash: string;
  /** sha256 of the raw bytes, hex. */
  readonly rawHash: string;
  /** The raw bytes, sealed (see governance/cipher). */
  readonly raw: Binary;
  readonly format: RawFormat;
  readonly position: Position;
  readonly status: StagingStatus;
  readonly statusAt: Date;
  readonly reason?: QuarantineReason;
  readonly detail?: string;
  /** Tries begun. */
  readonly attempts: number;
  /** Tries in a row that ended without a verdict: what kills its worker is noticed, as they count before the work. */
  readonly unfinished: number;
  /** Waits for its next try, not before `notBefore`. */
  readonly parked: boolean;
  readonly notBefore: Date;
  /** Came as a conflict: the record it disagrees with. Stays when a person accepts or discards it. */
  readonly conflictsWith?: string;
  readonly decided?: Decision;
};

/** What the door says of one envelope. */
export type DoorOutcome = {
  readonly outcome: 'accepted' | 'repeated' | 'conflict';
  readonly id: string;
  readonly reference: string;
};

export type ReceiptCounts = {
  readonly read: number;
  readonly accepted: number;
  readonly repeated: number;
  readonly conflict: number;
  readonly refused: number;
  /** Documents that conflicts left in staging (a conflict that comes again leaves none). */
  readonly kept: number;
};

/**
 * One batch at a door: opened before its records are written and closed after, so that a crash between is visible.
 * `seq` counts up without gaps within a run: a receipt that is gone is noticed.
 */
export type Receipt = {
  readonly _id: string;
  readonly run: string;
  readonly seq: number;
  readonly feed: string;
  readonly source: Source;
  readonly day: string;
  readonly openedAt: Date;
  readonly state: 'open' | 'closed';
  readonly counts?: ReceiptCounts;
  readonly refusedBy?: Partial<Record<RefusalReason, number>>;
  /** The stretch of a file that this receipt covers: the import's checkpoint. */
  readonly rows?: {
    readonly from: number;
    readonly to: number;
    /** Over the bytes of rows 1 to `to`: an import goes on only after the rows that it has read before. */
    readonly sha256?: string;
  };
  /** Closed by counting what is in staging, after a crash; its repeats are not known. */
  readonly recovered?: true;
};
export type ClosedReceipt = Receipt & { readonly state: 'closed' };
