import type { DoorTally } from '../staging/door.js';
import type { SourceCensus } from '../sources/port.js';

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
  readonly versions: { readonly software: string; readonly aligned: number };
};
