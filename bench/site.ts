import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configDir as shippedConfig } from '../src/paths.js';

/** A folder with data and configuration of its own: neither redress.yaml nor the environment of the operator is read. */
export type Site = { readonly dataDir: string; readonly configDir: string; remove(): void };

export function makeSite(): Site {
  const folder = mkdtempSync(join(tmpdir(), 'redress-bench-'));
  const configDir = join(folder, 'config');
  mkdirSync(configDir);
  for (const file of ['sources.yaml', 'routing.yaml'])
    cpSync(join(shippedConfig, file), join(configDir, file));
  return {
    dataDir: join(folder, 'data'),
    configDir,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
