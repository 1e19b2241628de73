import { readFileSync } from 'node:fs';

/** Section types of the ELF specification and of GNU symbol versioning. */
export const SECTION = {
  rela: 4,
  dynsym: 11,
  verdef: 0x6ffffffd,
  verneed: 0x6ffffffe,
  versym: 0x6fffffff,
} as const;

export type Section = {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  /** Number of entries in a version section. */
  readonly info: number;
};

/** Machine numbers of the ELF header. */
export const MACHINE: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

/** A little-endian ELF64 file in memory. Reading past its end throws a RangeError: the file is cut off. */
export type ElfImage = {
  readonly bytes: Buffer;
  readonly machine: number;
  readonly sections: readonly Section[];
  u16(at: number): number;
  u32(at: number): number;
  find(type: number): Section | undefined;
  /** The string at an offset of a string table. */
  text(table: Section, at: number): string;
};

export function readElf(file: string): ElfImage {
  const bytes = readFileSync(file);
  if (bytes.length < 64 || bytes.toString('latin1', 0, 6) !== '\x7fELF\x02\x01')
    throw new Error(`${file} is not a little-endian ELF64 file`);
  const u16 = (at: number) => bytes.readUInt16LE(at);
  const u32 = (at: number) => bytes.readUInt32LE(at);
  const u64 = (at: number) => Number(bytes.readBigUInt64LE(at));
  const [table, entrySize, count] = [u64(40), u16(58), u16(60)];
  const sections = Array.from({ length: count }, (_, i) => {
    const at = table + i * entrySize;
    return {
      type: u32(at + 4),
      offset: u64(at + 24),
      size: u64(at + 32),
      link: u32(at + 40),
      info: u32(at + 44),
    };
  });
  return {
    bytes,
    machine: u16(18),
    sections,
    u16,
    u32,
    find: (type) => sections.find((s) => s.type === type),
    text: (strings, at) => {
      const start = strings.offset + at;
      return bytes.toString('latin1', start, bytes.indexOf(0, start));
    },
  };
}

/** The hash under which the dynamic linker looks up a version name. */
export function elfHash(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name, 'latin1')) {
    hash = ((hash << 4) + byte) >>> 0;
    const high = hash & 0xf0000000;
    hash = (hash ^ (high >>> 24)) & ~high;
  }
  return hash >>> 0;
}
