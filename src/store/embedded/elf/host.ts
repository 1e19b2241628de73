import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readElf, SECTION } from './image.js';

const MULTIARCH: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
const PLAIN_FOLDERS = ['/lib64', '/usr/lib64', '/lib', '/usr/lib', '/usr/local/lib'];

/** Symbol versions that a library of this host defines (`GLIBC_2.36`, ...); undefined if it is not installed. */
export type HostVersions = (library: string) => ReadonlySet<string> | undefined;

/** Each library is read once. */
export function hostVersions(arch: string): HostVersions {
  const known = new Map<string, ReadonlySet<string> | undefined>();
  return (library) => {
    if (!known.has(library)) {
      const file = locate(library, arch);
      known.set(library, file === undefined ? undefined : versionsDefinedBy(file));
    }
    return known.get(library);
  };
}

/** The file that Node itself has mapped, which is the one the linker chose; else the usual folders. */
function locate(library: string, arch: string): string | undefined {
  const mapped = readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .map((line) => line.slice(line.indexOf('/')))
    .find((file) => path.basename(file) === library);
  if (mapped) return mapped;
  const multiarch = MULTIARCH[arch];
  const folders = multiarch
    ? [`/lib/${multiarch}`, `/usr/lib/${multiarch}`, ...PLAIN_FOLDERS]
    : PLAIN_FOLDERS;
  return folders.map((folder) => path.join(folder, library)).find((file) => existsSync(file));
}

function versionsDefinedBy(file: string): ReadonlySet<string> {
  const elf = readElf(file);
  const names = new Set<string>();
  const definitions = elf.find(SECTION.verdef);
  const strings = definitions && elf.sections[definitions.link];
  if (!definitions || !strings) return names;
  let entry = definitions.offset;
  for (let i = 0; i < definitions.info; i++) {
    names.add(elf.text(strings, elf.u32(entry + elf.u32(entry + 12))));
    entry += elf.u32(entry + 16);
  }
  return names;
}
