import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  realpathSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { codeOf, engineError, OWN_SERVERS } from './errors.js';

/** Below this the engines are not started, bytes: MongoDB aborts on a full disk, and needs room for its journal. */
export const LEAST_FREE_BYTES = 200 * 1024 * 1024;

/**
 * Creates the data folder if need be and returns its absolute, real path.
 * Throws `data_dir_not_a_folder`, `data_dir_read_only`, `disk_full`, `data_dir_unusable`.
 */
export function openDataDir(dataDir: string): string {
  if (dataDir === '' || dataDir.includes('\0')) throw unusable(JSON.stringify(dataDir), 'not a path');
  const folder = path.resolve(dataDir);
  return explainDisk(folder, () => {
    makeFolder(folder);
    return realpathSync(folder);
  });
}

/** Not `recursive: true`, which hides the cause: on a read-only disk it says ENOENT. */
function makeFolder(folder: string) {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    mkdirSync(folder, { mode: 0o700 }); // closed to others: complaints are personal data
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(folder).isDirectory()) return; // made by a start beside this one
    if (codeOf(error) !== 'ENOENT' || path.dirname(folder) === folder) throw error;
    makeFolder(path.dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  }
}

/** The absolute, real path of a data folder that is there; null if there is none. Creates nothing. */
export function realDataDir(dataDir: string): string | null {
  try {
    const folder = realpathSync(path.resolve(dataDir));
    return statSync(folder).isDirectory() ? folder : null;
  } catch {
    return null;
  }
}

/** Runs file work below the data folder and says in our words what the system refuses; RedressErrors pass through. */
export function explainDisk<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw codeOf(error).startsWith('E') ? explain(folder, error) : error;
  }
}

/**
 * Asks the disk itself, as the engines' own words for these faults mislead.
 * Throws `disk_full`, `data_dir_read_only`, `data_dir_other_user`, `data_dir_unusable`.
 */
export function probeDataDir(folder: string, leastFreeBytes = LEAST_FREE_BYTES): void {
  withProbeFile(folder, 0o600, () => {});
  for (const name of ['mongo', 'redis', 'bin']) checkOwner(path.join(folder, name));
  const free = freeBytes(folder);
  if (free < leastFreeBytes) throw diskFull(folder, free, leastFreeBytes);
}

/** Programs must be allowed to run from here: only asked where a fixed copy of one is needed. Throws `data_dir_noexec`. */
export function probeExecutable(folder: string): void {
  withProbeFile(folder, 0o700, (file) => {
    try {
      accessSync(file, constants.X_OK); // the kernel's answer counts the mount's noexec, for root too
    } catch (error) {
      throw engineError(
        'data_dir_noexec',
        `${folder} is on a disk mounted with noexec (${codeOf(error)}), and the engines need fixed copies there on this system.`,
        `Remount it with exec, or use a data folder on another disk, or ${OWN_SERVERS}.`,
      );
    }
  });
}

/** Free for this user (root's reserve left out). */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function withProbeFile(folder: string, mode: number, use: (file: string) => void) {
  const file = path.join(folder, `.probe-${randomUUID()}`);
  try {
    explainDisk(folder, () => {
      writeFileSync(file, Buffer.alloc(4096), { mode, flush: true });
      use(file);
    });
  } finally {
    try {
      rmSync(file, { force: true });
    } catch {
      // the disk's fault was told above; an empty probe file does no harm
    }
  }
}

/** A folder that an engine already used, if there is one. */
function checkOwner(folder: string) {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) throw explain(folder, { code: 'ENOTDIR' });
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (codeOf(error) !== 'EACCES') throw explain(folder, error);
    throw engineError(
      'data_dir_other_user',
      `${folder} belongs to user id ${stat.uid}, and this process runs as ${process.getuid?.()}.`,
      `Run as that user, or hand the folder over: chown -R ${process.getuid?.()} '${path.dirname(folder)}'.`,
    );
  }
}

function explain(folder: string, error: unknown) {
  const code = codeOf(error);
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return engineError(
      'data_dir_not_a_folder',
      `${folder} (or a part of its path) is a file.`,
      'Give the path of a folder, or move the file away.',
      error,
    );
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return engineError(
      'data_dir_read_only',
      `${folder} can't be written (${code}, user id ${process.getuid?.()}).`,
      `Mount the disk for writing, or give this user write permission, or use another data folder, or ${OWN_SERVERS}.`,
      error,
    );
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, 0, LEAST_FREE_BYTES, error);
  return unusable(folder, code || (error as Error).message, error);
}

function diskFull(folder: string, free: number, least: number, cause?: unknown) {
  const mb = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MB`;
  return engineError(
    'disk_full',
    `Only ${mb(free)} are free on the disk of ${folder}; the engines need ${mb(least)} to start safely.`,
    'Free some space, or use a data folder on another disk.',
    cause,
  );
}

const unusable = (folder: string, why: string, cause?: unknown) =>
  engineError(
    'data_dir_unusable',
    `${folder} can't be used as data folder (${why}).`,
    'Give another data folder.',
    cause,
  );
