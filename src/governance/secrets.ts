import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RedressError } from '../complaint/errors.js';
import type { SecretKeys } from './cipher.js';

const Key = z
  .base64()
  .transform((s) => Buffer.from(s, 'base64'))
  .refine((b) => b.length >= 32, 'at least 32 bytes');
const SecretsFile = z.object({ encryption: z.record(z.string().regex(/^\d+$/), Key), hash: Key });

/**
 * The keys of an embedded site: made at its first start and kept in `data/secrets.json`, readable by its owner only.
 * With a database of the operator's own they come from configuration instead, as several hosts need the same ones.
 */
export function localSecrets(dataDir: string): SecretKeys {
  const file = join(dataDir, 'secrets.json');
  if (!existsSync(file)) {
    const fresh = {
      encryption: { 1: randomBytes(32).toString('base64') },
      hash: randomBytes(32).toString('base64'),
    };
    createOnce(file, `${JSON.stringify(fresh, null, 2)}\n`);
  }
  const parsed = SecretsFile.safeParse(tryJson(readFileSync(file, 'utf8')));
  if (!parsed.success) {
    throw new RedressError(
      'secrets',
      'secrets_unreadable',
      `${file} does not hold the keys it should.`,
      'Put back the copy from your backup: without these keys the stored raw pieces cannot be opened.',
    );
  }
  const versions = Object.entries(parsed.data.encryption).map(([v, k]) => [Number(v), k] as const);
  return { encryption: new Map(versions), hash: parsed.data.hash };
}

/** Whole or not at all, and never over another's: a crash half way leaves no half key, two starts agree on one. */
function createOnce(file: string, content: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
