import { mkdir, readdir, rename, rmdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isRedressError, RedressError } from '../../complaint/errors.js';
import type { Feed } from '../../config/feeds.js';
import { acrossFileSystems, exists, gone, moveTo, renameOver } from './inbox-move.js';
import { isMarker, MARKERS, namesFor, reportNameOf } from './inbox-names.js';
import { readReport, type Report, writeReport } from './report.js';

export const STATIONS = ['inbox', 'processing', 'done', 'partial', 'rejected'] as const;
export type Station = (typeof STATIONS)[number];
/** Where a file ends. */
export type End = 'done' | 'partial' | 'rejected';
/** The folders of one feed. */
export type Folders = Readonly<Record<Station, string>>;

/** A file that was taken out of `inbox/`: it lies in `processing/<run>/`, under its own name. */
export type Claim = {
  /** Id of its run. */
  readonly id: string;
  readonly folder: string;
  /** Absent: it was moved on already, only its report has not followed. */
  readonly name?: string;
};

/** Where a claim's report is prepared, and how it says where the file goes. */
const PREPARED = '.report.json';
const RUN_ID = /^\d{8}t\d{6}-[0-9a-z]{8}$/;

export const rootOf = (feed: Pick<Feed, 'name' | 'inbox'>, dataDir: string): string =>
  typeof feed.inbox === 'string' ? resolve(feed.inbox) : join(dataDir, 'inbox', feed.name);

/** Makes what is missing; throws RedressError where the folders can't be used. */
export async function openFolders(root: string): Promise<Folders> {
  const folders = Object.fromEntries(STATIONS.map((s) => [s, join(root, s)])) as Folders;
  try {
    for (const path of Object.values(folders)) await mkdir(path, { recursive: true });
    const devices = await Promise.all(STATIONS.map(async (s) => (await stat(folders[s])).dev));
    const other = STATIONS.find((_, i) => devices[i] !== devices[0]);
    if (other) throw acrossFileSystems(folders.inbox, folders[other]);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (isRedressError(error) || !code) throw error;
    const problem = `The drop folder ${root} can't be used (${code}).`;
    throw new RedressError('inbox', 'inbox_unusable', problem, 'This user must be able to write there.', {
      cause: error,
    });
  }
  return folders;
}

/**
 * Takes a file for the run `id`. Undefined: it is not there any more; of two who want it, one has it. `raw` is its name
 * as the file system has it, `name` how it is called from now on.
 */
export async function claim(
  folders: Folders,
  { raw, name }: { readonly raw: Buffer; readonly name: string },
  id: string,
): Promise<(Claim & { readonly name: string }) | undefined> {
  const folder = join(folders.processing, id);
  await mkdir(folder);
  try {
    await renameOver(Buffer.concat([Buffer.from(`${folders.inbox}/`), raw]), join(folder, name));
  } catch (error) {
    await rmdir(folder);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  for (const marker of MARKERS) await moveIfThere(join(folders.inbox, name + marker), folder, name + marker);
  await gone(join(folders.inbox, reportNameOf(name))); // of when it was not whole yet
  return { id, folder, name };
}

async function moveIfThere(from: string, folder: string, name: string): Promise<void> {
  if (await exists(from)) await renameOver(from, join(folder, name));
}

/** Everything in `processing/`, in the order in which it was taken. */
export async function claims(folders: Folders): Promise<Claim[]> {
  const found: Claim[] = [];
  for (const entry of (await readdir(folders.processing, { withFileTypes: true })).sort(byName)) {
    if (!entry.isDirectory() || !RUN_ID.test(entry.name)) continue;
    const folder = join(folders.processing, entry.name);
    const names = await readdir(folder);
    const name = names.find((n) => !n.startsWith('.') && !isMarker(n));
    found.push({ id: entry.name, folder, ...(name === undefined ? {} : { name }) });
  }
  return found;
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/**
 * Moves a claimed file to where it ends, its report beside it, and its markers. May be done again after a crash at any
 * step: the prepared report says which name was chosen. Returns that name.
 */
export async function settle(folders: Folders, claimed: Claim, end: End, report: Report): Promise<string> {
  const prepared = join(claimed.folder, PREPARED);
  const before = (await readReport(prepared))?.movedTo;
  if (claimed.name === undefined) {
    if (before) await finish(folders, claimed, before);
    else await empty(folders, claimed);
    return before?.name ?? '';
  }
  const from = join(claimed.folder, claimed.name);
  const first = before?.station === end ? [before.name] : [];
  for (const name of [...first, ...namesFor(claimed.name, claimed.id)]) {
    const to = join(folders[end], name);
    if (
      !first.includes(name) &&
      ((await exists(to)) || (await exists(join(folders[end], reportNameOf(name)))))
    )
      continue;
    await writeReport(prepared, { ...report, movedTo: { station: end, name } });
    if (!(await moveTo(from, to))) continue;
    await finish(folders, claimed, { station: end, name });
    return name;
  }
  throw new RedressError(
    'inbox',
    'no_free_name',
    `No name is free in ${folders[end]} for the file of run ${claimed.id}.`,
    'Empty that folder; the file is moved by itself then.',
  );
}

async function finish(
  folders: Folders,
  { folder, id }: Claim,
  { station, name }: NonNullable<Report['movedTo']>,
): Promise<void> {
  const target = folders[station];
  for (const entry of await readdir(folder)) {
    if (entry === PREPARED) continue;
    if (entry.startsWith('.')) {
      await gone(join(folder, entry));
      continue;
    }
    const marker = MARKERS.find((m) => entry.endsWith(m)) ?? '';
    for (const free of namesFor(name + marker, id))
      if (await moveTo(join(folder, entry), join(target, free))) break;
  }
  const report = join(folder, PREPARED);
  for (const free of [reportNameOf(name), reportNameOf(`${name.slice(0, 100)}-${id}`)])
    if ((await exists(report)) && (await moveTo(report, join(target, free)))) break;
  await rmdir(folder);
}

/** What a crash left of a claim whose file was not moved in yet, or was put back: markers follow the file. */
async function empty(folders: Folders, { folder }: Claim): Promise<void> {
  for (const entry of await readdir(folder))
    if (entry.startsWith('.')) await gone(join(folder, entry));
    else await moveTo(join(folder, entry), join(folders.inbox, entry));
  await rmdir(folder);
}

/** Puts a claimed file back, as it turned out not to be whole. Returns the name that it has now. */
export async function giveBack(
  folders: Folders,
  claimed: Claim & { readonly name: string },
): Promise<string> {
  await gone(join(claimed.folder, PREPARED));
  for (const name of namesFor(claimed.name, claimed.id)) {
    if (!(await moveTo(join(claimed.folder, claimed.name), join(folders.inbox, name)))) continue;
    for (const marker of MARKERS) {
      const from = join(claimed.folder, claimed.name + marker);
      if (await exists(from)) await moveTo(from, join(folders.inbox, name + marker));
    }
    await rmdir(claimed.folder);
    return name;
  }
  throw new Error('unreachable: the last name is unique');
}

/** The same file for another run. */
export async function reclaim<C extends Claim>(folders: Folders, claimed: C, id: string): Promise<C> {
  const folder = join(folders.processing, id);
  await rename(claimed.folder, folder);
  return { ...claimed, id, folder };
}
