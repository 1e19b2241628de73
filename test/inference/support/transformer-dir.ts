import { copyFile, link, mkdir, readdir, symlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { withFolder } from './model-dir.js';

const MODEL = 'minilm-telecom-1';

/** The shipped transformer; tests run in the root of the project, and fail where it is absent. */
export const TRANSFORMER_DIR = resolve('models', MODEL);

/** Its weights: too large to be copied for each test. */
export const WEIGHTS = 'onnx/model_quantized.onnx';

/** A hard link, or a symbolic one to another disk. */
const linked = (from: string, to: string): Promise<void> => link(from, to).catch(() => symlink(from, to));

/** Gives `use` a throw-away folder of the model's own name, with copies of its files and a link to its weights. */
export const withTransformerCopy = <T>(use: (modelDir: string) => Promise<T>): Promise<T> =>
  withFolder(async (folder) => {
    const copy = join(folder, basename(TRANSFORMER_DIR));
    await mkdir(join(copy, 'onnx'), { recursive: true });
    for (const entry of await readdir(TRANSFORMER_DIR, { withFileTypes: true }))
      if (entry.isFile()) await copyFile(join(TRANSFORMER_DIR, entry.name), join(copy, entry.name));
    await linked(join(TRANSFORMER_DIR, WEIGHTS), join(copy, WEIGHTS));
    return use(copy);
  });
