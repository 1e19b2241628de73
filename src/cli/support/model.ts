import { RedressError } from '../../complaint/errors.js';
import { settingOf } from '../../config/settings.js';
import { startInference } from '../../inference/pool.js';
import type { Inference } from '../../inference/port.js';
import { modelDir } from '../../paths.js';
import type { Cli } from './cli.js';

/** Opens a model by its id, the configured one by default, for as long as `work` runs. No store is opened. */
export async function withModel<T>(
  cli: Cli,
  id: string | undefined,
  work: (inference: Inference) => Promise<T>,
): Promise<T> {
  const { inference } = cli.config();
  if (id !== undefined && !settingOf('inference.model').schema.safeParse(id).success)
    throw new RedressError(
      'inference',
      'bad_model',
      `${JSON.stringify(id.slice(0, 64))} is not the name of a model.`,
      'Give the name of a folder in models/, e.g. baseline-bayes-1.',
    );
  const model = await startInference({
    modelDir: modelDir(id ?? inference.model),
    threads: inference.threads,
  });
  try {
    return await work(model);
  } finally {
    await model.close();
  }
}
