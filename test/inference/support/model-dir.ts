import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

/** The shipped model; tests run in the root of the project. */
export const MODEL_DIR = resolve('models/baseline-bayes-1');

/** Gives a throw-away folder to `use` and removes it. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'redress-test-model-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same with a copy of the shipped model in it. */
export const withModelCopy = <T>(use: (modelDir: string) => Promise<T>): Promise<T> =>
  withFolder(async (folder) => {
    const copy = join(folder, basename(MODEL_DIR));
    await cp(MODEL_DIR, copy, { recursive: true });
    return use(copy);
  });
