import type { EffectiveLabels } from '../../complaint/gold.js';
import { HEAD_NAMES } from '../../complaint/labels.js';
import type { Prediction } from '../../complaint/prediction.js';
import type { Inference, Lane } from '../../inference/port.js';
import type { Step, StepResult } from '../step.js';

export type Labelled = {
  readonly prediction: Prediction;
  readonly effective: EffectiveLabels;
  /** Heads that abstained: a person should look. */
  readonly review: readonly `abstained_${(typeof HEAD_NAMES)[number]}`[];
};

type In = { readonly id: string; readonly text: string; readonly earlier?: Prediction };

function labelled(prediction: Prediction): Labelled {
  const { category, sentiment, complaint, urgency } = prediction.heads;
  return {
    prediction,
    effective: {
      category: category.label,
      sentiment: sentiment.label,
      complaint: complaint.label,
      urgency: urgency.label,
      by: 'model',
    },
    review: HEAD_NAMES.filter((head) => prediction.heads[head].abstained).map(
      (head) => `abstained_${head}` as const,
    ),
  };
}

/**
 * Adds the model's labels. `earlier` is the prediction already stored for this very text by these very weights: it is
 * taken as it is, so that a replay gives the same labels (law 12). A text that the model could not read is tried again.
 */
export function classify<T extends In>(inference: Inference, lane: Lane): Step<T, T & Labelled> {
  return async function classify(items) {
    const fresh = items.filter((item) => item.earlier === undefined);
    const answers = fresh.length > 0 ? await inference.classify(fresh, lane) : [];
    const byId = new Map(answers.map((a) => [a.id, a]));
    return items.map((item): StepResult<T & Labelled> => {
      if (item.earlier) return { ok: { ...item, ...labelled(item.earlier) } };
      const answer = byId.get(item.id);
      if (!answer) return { retry: 'inference_no_answer' };
      return answer.ok ? { ok: { ...item, ...labelled(answer.prediction) } } : { retry: 'inference_failed' };
    });
  };
}
