import type { Prediction } from '../complaint/prediction.js';
import { loadBaseline } from './baseline.js';
import { type Guard, unguarded } from './guard.js';
import { readModel } from './manifest.js';
import type { ModelInfo } from './port.js';
import { loadTransformer } from './transformer/labeller.js';

/** One answer for one text, or why there is none; `reason` never holds the text. */
export type Answer =
  | { readonly ok: true; readonly prediction: Prediction }
  | { readonly ok: false; readonly reason: string };

/** A model in the thread that runs it. */
export type Labeller = {
  readonly model: ModelInfo;
  /** One answer for each text, in order; any string has one. */
  label(texts: readonly string[]): Promise<readonly Answer[]>;
};

/**
 * Loads a model folder of either kind, every file verified. Throws `RedressError` (`model_damaged`, `model_mismatch`)
 * that names the file.
 */
export async function loadLabeller(modelDir: string, guard: Guard = unguarded): Promise<Labeller> {
  const model = await readModel(modelDir);
  return model.manifest.kind === 'naive-bayes'
    ? loadBaseline(modelDir)
    : loadTransformer(modelDir, model, guard);
}
