import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folders } from './inbox.js';
import { gone, moveTo } from './inbox-move.js';
import { namesFor, REPORT, reportNameOf } from './inbox-names.js';
import { readReport, type Report } from './report.js';

/** A file that stood still, was read to its end and moved on, and may yet have a writer who was only slow. */
export type Settled = {
  readonly station: 'done' | 'partial';
  readonly name: string;
  readonly run: string;
  /** What was read, bytes of the file itself. */
  readonly fileBytes: number;
  readonly fileModified: Date;
  readonly endedAt: Date;
};

const STATIONS = ['done', 'partial'] as const;

/** Undefined: no run read it, or its report is of an older release. */
export function settledOf(report: Report, station: Settled['station'], name: string): Settled | undefined {
  const { run, fileBytes, fileModified, endedAt } = report;
  if (run === undefined || fileBytes === undefined || fileModified === undefined) return undefined;
  // Times are text where the report was read from its file.
  return { station, name, run, fileBytes, fileModified: new Date(fileModified), endedAt: new Date(endedAt) };
}

/** Files that were settled since then, from the reports beside them: what a process before this one settled too. */
export async function settledSince(folders: Folders, since: Date): Promise<Settled[]> {
  const found: Settled[] = [];
  for (const station of STATIONS)
    for (const entry of await readdir(folders[station])) {
      if (!entry.endsWith(REPORT)) continue;
      const path = join(folders[station], entry);
      if ((await stat(path)).mtime < since) continue;
      const report = await readReport(path);
      if (!report?.movedTo) continue;
      const settled = settledOf(report, station, report.movedTo.name);
      if (settled) found.push(settled);
    }
  return found;
}

/** Whether it was written to since it was read. False: it is as it was, or somebody took it away. */
export async function isWrittenOn(folders: Folders, settled: Settled): Promise<boolean> {
  const { station, name, fileBytes, fileModified } = settled;
  try {
    const now = await stat(join(folders[station], name));
    return now.size !== fileBytes || now.mtime.getTime() !== fileModified.getTime();
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
