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
