import { open, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Drift } from '../../staging/drift.js';
import type { DoorTally } from '../../staging/door.js';
import { gone } from './inbox-move.js';
import { fitted } from './inbox-names.js';
import type { FileFacts } from './open.js';

/** What is written beside a file of a drop folder, for people and programs. */
export type Report = {
  /** As the sender called it. */
  readonly file: string;
  readonly feed: string;
  readonly outcome: 'done' | 'partial' | 'rejected' | 'incomplete';
  /** A machine word; absent where all went well. */
  readonly cause?: string;
  /** What happened, in one sentence. */
  readonly problem?: string;
  readonly whatToDo: string;
  /** Absent where no run was begun. */
  readonly run?: string;
  readonly counts?: DoorTally;
  /** Put in quarantine as they came in. */
  readonly quarantined?: readonly {
    readonly reason: string;
    readonly whatToDo: string;
    readonly count: number;
    /** The first ones. */
    readonly rows: readonly number[];
  }[];
  readonly drift?: readonly Drift[];
  /** An earlier run of the same content. */
  readonly sameAs?: string;
  /** How often it was gone on with after a crash or a stop. */
  readonly resumed?: number;
  /** Of the file itself, packed as it may be; `bytes` are those of its content. */
  readonly fileBytes?: number;
  /** When it was last written to, as the file system says. */
  readonly fileModified?: Date;
  readonly bytes?: number;
  readonly lines?: number;
  readonly linesCovered?: number;
  readonly sha256?: string;
  /** How it was read. */
  readonly facts?: FileFacts;
  readonly startedAt?: Date;
  readonly endedAt: Date;
  readonly software: string;
  /** Where the file went. */
  readonly movedTo?: { readonly station: 'done' | 'partial' | 'rejected'; readonly name: string };
};

/** Writes it whole or not at all. */
export async function writeReport(path: string, report: Report): Promise<void> {
  const draft = join(dirname(path), fitted(`.${basename(path)}`, '.tmp'));
  const file = await open(draft, 'w');
  try {
    await file.writeFile(`${JSON.stringify(report, null, 2)}\n`);
    await file.sync();
  } catch (error) {
    await gone(draft);
    throw error;
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** Undefined: there is none, or it is not one of ours. */
export async function readReport(path: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Report;
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || name === 'SyntaxError') return undefined;
    throw error;
  }
}
