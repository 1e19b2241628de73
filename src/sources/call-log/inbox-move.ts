import { link, lstat, rename, unlink } from 'node:fs/promises';
import { RedressError } from '../../complaint/errors.js';

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'];

/** No file can have a name that is too long. */
const ABSENT = ['ENOENT', 'ENAMETOOLONG'];

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

export const acrossFileSystems = (from: string, to: string): RedressError =>
  new RedressError(
    'inbox',
    'inbox_across_file_systems',
    `${from} and ${to} are on different file systems: between them a file can't be moved in one step.`,
    'Put all folders of the drop folder on one file system: mount the one above them, not one of them.',
  );

const absentOr =
  <T>(other: T) =>
  (error: unknown): T => {
    if (ABSENT.includes(codeOf(error))) return other;
    throw error;
  };

export const exists = (path: string): Promise<boolean> => lstat(path).then(() => true, absentOr(false));

/** Removes a name; that it is gone already is fine. */
export const gone = (path: string): Promise<void> => unlink(path).catch(absentOr(undefined));

async function same(a: string, b: string): Promise<boolean> {
  const [x, y] = await Promise.all([lstat(a), lstat(b)]);
  return x.ino === y.ino && x.dev === y.dev;
}

/**
 * Moves a file to a name that nothing has; false if something has it. A hard link is the one call that never
 * overwrites. Where the system allows none (not the owner, or no such thing) it looks first and then renames.
 */
export async function moveTo(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EXDEV') throw acrossFileSystems(from, to);
    if (code === 'EEXIST') {
      // Both names of one file: an earlier try ended between the two steps.
      if (!(await same(from, to))) return false;
    } else if (NO_LINKS.includes(code)) {
      if (await exists(to)) return false;
      await renameOver(from, to);
      return true;
    } else throw error;
  }
  await gone(from);
  return true;
}

/** Moves a file, or the link that it is, over whatever has the name. */
export async function renameOver(from: string | Buffer, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    throw codeOf(error) === 'EXDEV' ? acrossFileSystems(from.toString(), to) : error;
  });
}
