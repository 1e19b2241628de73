import type { Drift } from '../staging/drift.js';
import type { DoorTally } from '../staging/door.js';
import type { SourceCensus } from '../sources/port.js';

/** A process: where its number means something, the number, and when it began. */
export type Owner = { readonly place: string; readonly pid: number; readonly began: string };

/** What an import reads; the same again goes on where an interrupted run of it ended. */
export type RunInput = {
  /** Of the file. */
  readonly sha256: string;
  /** Hash of the feed's settings and the route: other settings, another run. */
  readonly reading: string;
  /** The file lies in its feed's drop folder, under `processing/<run>/`. */
  readonly inbox: boolean;
};

export type RunKind = 'door' | 'import' | 'job';

/**
 * One execution: a door's day, an import, a scheduled job. `failed` with cause `interrupted` means that its process
 * went away; what it had acknowledged is kept all the same.
 */
export type Run = {
  readonly _id: string;
  readonly kind: RunKind;
  readonly name: string;
  readonly feed: string;
  readonly trigger: 'start' | 'cli' | 'api' | 'schedule';
  readonly startedAt: Date;
  readonly endedAt?: Date;
  /** By the database's clock; a running run that stays silent is given up. */
  readonly aliveAt: Date;
  readonly status: 'running' | 'success' | 'partial' | 'failed';
  readonly cause?: string;
  /** What the door answered, counted apart from the receipts. */
  readonly counts?: DoorTally;
  readonly file?: SourceCensus & { readonly name: string; readonly linesCovered: number };
  readonly input?: RunInput;
  /** Whose run it is; absent in runs that an older version began. */
  readonly owner?: Owner;
  /** It ended for a reason that does not lie in its file: the same file takes it up again. */
  readonly resumable?: true;
  /** How often it was taken up again, from which row last, and how often in a row without one row of progress. */
  readonly resumed?: { readonly times: number; readonly row: number; readonly idle: number };
  /** How the file, or what was posted, differs from the feed's last one; the first hundred findings. */
  readonly drift?: readonly Drift[];
  readonly versions: { readonly software: string; readonly aligned: number };
};
