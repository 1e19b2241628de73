import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Complete } from '../../config/drop-folder.js';
import { hashOf, readStatedHash } from './checksum.js';
import { nameOf } from './inbox-names.js';
import type { Trailer } from './trailer.js';

/** Why a file that stands still is not taken; the closed list, with what to do. */
export const INCOMPLETE = {
  marker_missing: 'Let the sender write NAME.done beside the file once it is whole.',
  checksum_missing: 'Let the sender write NAME.sha256 or NAME.md5 beside the file.',
  checksum_unreadable: 'The checksum file must hold the hash in hex, or a line as sha256sum writes it.',
  checksum_mismatch: 'Send the file again; it did not arrive as it was sent.',
  trailer_missing:
    'Send the file again; its last row is not the trailer that the feed asks for (`complete`).',
  trailer_mismatch: 'Send the file again; its trailer counts other rows than are there.',
  changed_while_read:
    'Nothing: it is read again when it stands still, and rows that are in are `repeated`. Let the sender write under a name that ends in .part and rename it.',
} as const;
export type IncompleteCause = keyof typeof INCOMPLETE;

/** `later`: no marker yet. */
export type Whole =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' | 'later'; readonly cause: IncompleteCause; readonly problem: string };

export type WholeDeps = {
  readonly folder: string;
  readonly complete: Complete | undefined;
  readonly trailerOf: (path: string, pattern: string) => Promise<Trailer>;
};

const is = (path: string): Promise<boolean> =>
  lstat(path).then(
    (s) => s.isFile(),
    () => false,
  );

/** Asks what the feed asks of a file that stands still. `raw` is its name as the file system has it. */
export async function isWhole(raw: Buffer, { folder, complete, trailerOf }: WholeDeps): Promise<Whole> {
  const name = nameOf(raw);
  const path = Buffer.concat([Buffer.from(`${folder}/`), raw]);
  if (!complete) return { kind: 'yes' };
  if (complete.kind === 'done-file') {
    if (await is(join(folder, `${name}.done`))) return { kind: 'yes' };
    return { kind: 'later', cause: 'marker_missing', problem: 'There is no .done file beside it.' };
  }
  if (complete.kind === 'checksum') {
    for (const algorithm of ['sha256', 'md5'] as const) {
      const beside = join(folder, `${name}.${algorithm}`);
      if (!(await is(beside))) continue;
      const stated = await readStatedHash(beside, name, algorithm);
      const found = stated === undefined ? undefined : await hashOf(path, algorithm);
      if (stated === undefined)
        return { kind: 'no', cause: 'checksum_unreadable', problem: `Its .${algorithm} file holds no hash.` };
      if (stated === found) return { kind: 'yes' };
      const problem = `Its .${algorithm} file says ${stated}, its content is ${found}.`;
      return { kind: 'no', cause: 'checksum_mismatch', problem };
    }
    return {
      kind: 'later',
      cause: 'checksum_missing',
      problem: 'There is no .sha256 or .md5 file beside it.',
    };
  }
  const trailer = await trailerOf(path.toString(), complete.pattern);
  if (trailer.kind === 'whole') return { kind: 'yes' };
  if (trailer.kind === 'missing')
    return { kind: 'no', cause: 'trailer_missing', problem: 'It does not end with a trailer row.' };
  const problem = `Its trailer says ${trailer.says} rows, and ${trailer.rows} came before it.`;
  return { kind: 'no', cause: 'trailer_mismatch', problem };
}
