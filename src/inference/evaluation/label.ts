import { RedressError } from '../../complaint/errors.js';
import type { Prediction } from '../../complaint/prediction.js';
import type { Inference } from '../port.js';

/** Predictions of texts, in order. */
export type Label = (texts: readonly string[]) => Promise<Prediction[]>;

/** Through a running model; rejects with `RedressError` (`not_labelled`) if it has no answer to one. */
export const labelWith =
  (inference: Inference): Label =>
  async (texts) => {
    const answers = await inference.classify(
      texts.map((text, i) => ({ id: String(i), text })),
      'bulk',
    );
    return answers.map((answer) => {
      if (answer.ok) return answer.prediction;
      throw new RedressError(
        'evaluate',
        'not_labelled',
        `A text could not be labelled: ${answer.reason}.`,
        'See the log.',
      );
    });
  };
