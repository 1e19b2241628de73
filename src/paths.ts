import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RedressError } from './complaint/errors.js';

/** Walks up: the compiled code may stand one folder deep (dist/) or more, the package root is where its manifest is. */
function findPackage(): { root: string; version: string } {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>;
      if (name === 'redress' && typeof version === 'string') return { root: folder, version };
    }
    if (dirname(folder) === folder) {
      throw new RedressError(
        'paths',
        'package_not_found',
        `No package.json of Redress above ${start}.`,
        'Run the code from inside its own folder: models/ and config/ are found beside package.json.',
      );
    }
  }
}

const found = findPackage();

/** Absolute folder that holds package.json, config/, models/ and web/. */
export const packageRoot = found.root;

/** Version in package.json, e.g. `0.1.0`. */
export const packageVersion = found.version;

/** Folder of redress.yaml, sources.yaml and routing.yaml, unless a caller of `loadConfig` names another. */
export const configDir = join(packageRoot, 'config');

/** Folder of the models, one folder each. */
export const modelsDir = join(packageRoot, 'models');

/** Folder of one model; `id` comes from `inference.model`, which allows no separators. */
export const modelDir = (id: string): string => join(modelsDir, id);
