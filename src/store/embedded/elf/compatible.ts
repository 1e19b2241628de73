import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { engineError, OWN_SERVERS } from '../errors.js';
import type { Host } from '../platform.js';
import { fixElf } from './fix.js';
import { type HostVersions, hostVersions } from './host.js';

/**
 * The paths to use on this host for `files` (which belong together): as given, or fixed copies in a folder of
 * `cache` (made once per host and package version; the package's own files are never changed).
 * `beforeCopy` is called before the first byte is written. Throws `engine_unfixable` and what `beforeCopy` throws.
 */
export function compatibleFiles(
  engine: string,
  files: readonly string[],
  options: { host: Host; cache: string; beforeCopy: () => void; versionsOf?: HostVersions },
): string[] {
  const { host, cache, beforeCopy, versionsOf = hostVersions(host.arch) } = options;
  if (host.platform !== 'linux') return [...files];
  const facts = files.map((file) => [file, statSync(file).size, statSync(file).mtimeMs] as const);
  const stamp = createHash('sha256')
    .update(JSON.stringify([host.glibc, facts]))
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(cache, `${engine}-${stamp}`);
  const copies = facts.map(([file, size]) => ({ file: path.join(folder, path.basename(file)), size }));
  if (copies.every(({ file, size }) => sizeOf(file) === size)) return copies.map(({ file }) => file);

  const fixes = files.map((file) => {
    try {
      return fixElf(file, host.arch, versionsOf);
    } catch (error) {
      throw unfixable(engine, host, [`${path.basename(file)} can't be read (${(error as Error).message})`]);
    }
  });
  const problems = fixes.flatMap((fix) => fix.problems);
  if (problems.length > 0) throw unfixable(engine, host, problems);
  if (fixes.every((fix) => fix.changes.length === 0)) return [...files];

  beforeCopy();
  mkdirSync(folder, { recursive: true });
  fixes.forEach(({ bytes }, i) => {
    const copy = copies[i]?.file ?? '';
    writeWhole(copy, bytes);
  });
  for (const name of readdirSync(cache))
    if (name.startsWith(`${engine}-`) && name !== path.basename(folder))
      rmSync(path.join(cache, name), { recursive: true, force: true }); // of an earlier package version
  return copies.map(({ file }) => file);
}

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size;

/** Written aside, flushed and renamed: two starts at once, or a power cut, never leave half a program. */
function writeWhole(file: string, bytes: Buffer) {
  const aside = `${file}.${randomUUID()}`;
  try {
    writeFileSync(aside, bytes, { mode: 0o755 });
    const handle = openSync(aside, 'r');
    fsyncSync(handle);
    closeSync(handle);
    renameSync(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
}

function unfixable(engine: string, host: Host, problems: readonly string[]) {
  return engineError(
    'engine_unfixable',
    `The ${engine} engine can't run on this system (glibc ${host.glibc ?? 'none'}): ${[...new Set(problems)].join('; ')}.`,
    `Install what is missing, or use a newer distribution, or ${OWN_SERVERS}.`,
  );
}
