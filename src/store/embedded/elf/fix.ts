import type { HostVersions } from './host.js';
import { type ElfImage, elfHash, MACHINE, readElf, SECTION, type Section } from './image.js';

/** glibc gave these a new version that only skips setting errno: the base version does the same work. */
const SAME_AS_BASE = new Set(['fmod', 'fmodf']);
/** C23 renamed strtol() and its kin; the plain name lives on in every glibc. */
const RENAMED = '__isoc23_';
const SYMBOL_SIZE = 24;
const RELOCATION_SIZE = 24;

/** The version that every release of a library has. */
const BASE_OF: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  x64: { GLIBC: 'GLIBC_2.2.5', GLIBCXX: 'GLIBCXX_3.4', CXXABI: 'CXXABI_1.3' },
  arm64: { GLIBC: 'GLIBC_2.17', GLIBCXX: 'GLIBCXX_3.4', CXXABI: 'CXXABI_1.3' },
};

export type Fix = {
  readonly bytes: Buffer;
  /** Empty: the file runs as it is. */
  readonly changes: readonly string[];
  /** Not empty: this host can't run the file, fixed or not. */
  readonly problems: readonly string[];
};

type WantedVersion = { readonly at: number; readonly index: number; readonly name: string };

/**
 * Makes a program that was linked on a newer distribution fit this host, in memory. The linker refuses a file that
 * asks for a symbol version the host lacks, even where the program needs nothing new: such a version is renamed to
 * its library's base version, and `__isoc23_X` to plain `X`. Any other symbol of a missing version is a problem,
 * so a fixed file never calls something that is not there.
 */
export function fixElf(file: string, arch: string, versionsOf: HostVersions): Fix {
  const elf = readElf(file);
  if (elf.machine !== MACHINE[arch])
    return { bytes: elf.bytes, changes: [], problems: [`${file} is built for another CPU`] };
  const symbols = elf.find(SECTION.dynsym);
  const strings = symbols && elf.sections[symbols.link];
  const needs = elf.find(SECTION.verneed);
  const changes: string[] = [];
  const problems: string[] = [];
  if (!symbols || !strings || !needs) return { bytes: elf.bytes, changes, problems };

  const missing = new Map<number, string>();
  for (const { library, wanted } of neededVersions(elf, needs, strings)) {
    const has = versionsOf(library);
    if (!has) problems.push(`${library} is not installed`);
    for (const version of wanted) {
      if (!has || has.has(version.name)) continue;
      missing.set(version.index, version.name);
      const base = BASE_OF[arch]?.[version.name.split('_')[0] ?? ''];
      if (base !== undefined && renameVersion(elf, strings, version, wanted, base))
        changes.push(`${version.name} -> ${base}`);
      else problems.push(`${library} has no ${version.name}`);
    }
  }
  if (missing.size > 0) renameSymbols(elf, symbols, strings, missing, changes, problems);
  return { bytes: elf.bytes, changes, problems };
}

function* neededVersions(elf: ElfImage, needs: Section, strings: Section) {
  let entry = needs.offset;
  for (let i = 0; i < needs.info; i++) {
    const wanted: WantedVersion[] = [];
    let at = entry + elf.u32(entry + 8);
    for (let k = 0; k < elf.u16(entry + 2); k++) {
      wanted.push({ at, index: elf.u16(at + 6) & 0x7fff, name: elf.text(strings, elf.u32(at + 8)) });
      at += elf.u32(at + 12);
    }
    yield { library: elf.text(strings, elf.u32(entry + 4)), wanted };
    entry += elf.u32(entry + 12);
  }
}

/** Points a needed version at the base version's name; false where no such name can be had. */
function renameVersion(
  elf: ElfImage,
  strings: Section,
  version: WantedVersion,
  siblings: WantedVersion[],
  base: string,
) {
  const sibling = siblings.find((other) => other.name === base);
  if (sibling) elf.bytes.copy(elf.bytes, version.at + 8, sibling.at + 8, sibling.at + 12);
  else if (version.name.startsWith(`${base}.`))
    elf.bytes.writeUInt8(0, strings.offset + elf.u32(version.at + 8) + base.length); // the name ends earlier
  else return false;
  elf.bytes.writeUInt32LE(elfHash(base), version.at);
  return true;
}

function renameSymbols(
  elf: ElfImage,
  symbols: Section,
  strings: Section,
  missing: ReadonlyMap<number, string>,
  changes: string[],
  problems: string[],
) {
  const versions = elf.find(SECTION.versym);
  if (!versions) return;
  const used = usedSymbols(elf);
  for (let i = 0; i < symbols.size / SYMBOL_SIZE; i++) {
    const at = symbols.offset + i * SYMBOL_SIZE;
    const version = missing.get(elf.u16(versions.offset + i * 2) & 0x7fff);
    const name = elf.text(strings, elf.u32(at));
    // A symbol that no relocation refers to is a mark for the linker of the build host: nobody calls it.
    if (version === undefined || SAME_AS_BASE.has(name) || !used.has(i)) continue;
    if (!name.startsWith(RENAMED)) {
      problems.push(`this system has no ${name} (${version})`);
      continue;
    }
    elf.bytes.writeUInt32LE(elf.u32(at) + RENAMED.length, at); // the plain name is the tail of the same string
    changes.push(`${name} -> ${name.slice(RENAMED.length)}`);
  }
}

function usedSymbols(elf: ElfImage): ReadonlySet<number> {
  const used = new Set<number>();
  for (const section of elf.sections) {
    if (section.type !== SECTION.rela) continue;
    const end = section.offset + section.size;
    for (let at = section.offset; at < end; at += RELOCATION_SIZE) used.add(elf.u32(at + 12));
  }
  return used;
}
