import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

const MOST = 64 * 1024;
const HEX = { sha256: 64, md5: 32 } as const;
export type Algorithm = keyof typeof HEX;

/** The hash that a checksum file states for `name`: alone on its line, or in the format of sha256sum and md5sum. */
export function statedHash(text: string, name: string, algorithm: Algorithm): string | undefined {
  const line = new RegExp(`^\\\\?([0-9a-f]{${HEX[algorithm]}})(?:[ \\t]+\\*?(.+))?$`, 'i');
  const found = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((l) => line.exec(l.trim()))
    .filter((m) => m !== null);
  const named = found.find((m) => m[2]?.split(/[\\/]/).at(-1) === name);
  const chosen = named ?? (found.length === 1 ? found[0] : undefined);
  return chosen?.[1]?.toLowerCase();
}

export async function readStatedHash(
  path: string,
  name: string,
  algorithm: Algorithm,
): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST), 0, MOST, 0);
    return statedHash(buffer.toString('utf8', 0, bytesRead), name, algorithm);
  } finally {
    await file.close();
  }
}

export async function hashOf(path: string | Buffer, algorithm: Algorithm): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
