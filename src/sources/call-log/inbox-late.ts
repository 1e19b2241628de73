import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folders } from './inbox.js';
import { gone, moveTo } from './inbox-move.js';
import { namesFor, REPORT, reportNameOf } from './inbox-names.js';
import { readReport } from './report.js';

/** A file that stood still, was read to its end and moved on, and may yet have a writer who was only slow. */
export type Settled = {
  readonly station: 'done' | 'partial';
  readonly name: string;
  readonly run: string;
  /** What was read, bytes of the file itself. */
  readonly fileBytes: number;
  readonly endedAt: Date;
};

const STATIONS = ['done', 'partial'] as const;

/** Files that were settled since then, from the reports beside them: what a process before this one settled too. */
export async function settledSince(folders: Folders, since: Date): Promise<Settled[]> {
  const found: Settled[] = [];
  for (const station of STATIONS)
    for (const entry of await readdir(folders[station])) {
      if (!entry.endsWith(REPORT)) continue;
      const path = join(folders[station], entry);
      if ((await stat(path)).mtime < since) continue;
      const report = await readReport(path);
      if (report?.run === undefined || report.fileBytes === undefined || !report.movedTo) continue;
      const { run, fileBytes, movedTo } = report;
      found.push({ station, name: movedTo.name, run, fileBytes, endedAt: new Date(report.endedAt) });
    }
  return found;
}

/** Whether it has another size than what was read. False: it is as it was, or somebody took it away. */
export async function hasGrown(folders: Folders, { station, name, fileBytes }: Settled): Promise<boolean> {
  try {
    return (await stat(join(folders[station], name))).size !== fileBytes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Moves it into `inbox/` again; its run keeps what the report said. Returns the name that it has there. */
export async function putBack(folders: Folders, { station, name, run }: Settled): Promise<string> {
  await gone(join(folders[station], reportNameOf(name)));
  for (const free of namesFor(name, run))
    if (await moveTo(join(folders[station], name), join(folders.inbox, free))) return free;
  throw new Error('unreachable: the last name is unique');
}
