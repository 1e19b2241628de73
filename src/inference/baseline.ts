import { RedressError } from '../complaint/errors.js';
import { HEAD_NAMES, HEADS, type Head, type LabelOf } from '../complaint/labels.js';
import type { Prediction } from '../complaint/prediction.js';
import { type Explained, evidenceOf } from './evidence.js';
import { featuresOf } from './features.js';
import type { Answer, Labeller } from './labeller.js';
import { type Decides, hashOf, readModel } from './manifest.js';
import type { ModelInfo } from './port.js';
import { scoresOf, softmax, type Tables, tablesOf, Weights } from './weights.js';

export type Baseline = Labeller & {
  /** One text, any string: bounded work, no error. */
  classify(text: string): Prediction;
};

/** Probabilities are stored and compared with four decimals, so that what is stored and what was decided agree. */
const round = (p: number): number => Math.round(p * 1e4) / 1e4;

/** The guidelines' answer for a text nobody can read; every head abstains, so a person sees it. */
const UNREADABLE = { category: 'other', sentiment: 'neutral', complaint: 'n', urgency: 'normal' } as const;

const unreadable = <H extends Head>(head: H) => ({
  label: UNREADABLE[head] as LabelOf<H>,
  confidence: round(1 / HEADS[head].length),
  abstained: true,
});

/** Answers from tables and the decisions of a manifest. Pure; the training command measures this very function. */
export function classifier(
  tables: Tables,
  decides: Decides,
  model: Pick<ModelInfo, 'id' | 'weightsHash'>,
): (text: string) => Prediction {
  const decide = <H extends Head>(head: H, features: readonly number[]) => {
    const probabilities = softmax(scoresOf(tables.heads[head], features), decides.temperatures[head]);
    const order = probabilities.map((p, i) => ({ i, p })).sort((a, b) => b.p - a.p || a.i - b.i);
    const labels: readonly LabelOf<H>[] = HEADS[head];
    const [best = { i: 0, p: 0 }, next = { i: 0, p: 0 }] = order;
    const confidence = round(best.p);
    return {
      probabilities,
      best: best.i,
      next: round(next.p),
      answer: {
        label: labels[best.i] as LabelOf<H>,
        confidence,
        runnerUp: labels[next.i] as LabelOf<H>,
        abstained: confidence < decides.abstainBelow[head],
      },
    };
  };

  return (text) => {
    const found = [...featuresOf(text)].flatMap(([key, surface]) => {
      const feature = tables.index.get(key);
      return feature === undefined ? [] : [{ feature, key, surface }];
    });
    const ids = { modelId: model.id, weightsHash: model.weightsHash, textHash: hashOf(text) };
    if (found.length === 0)
      return {
        ...ids,
        heads: {
          category: unreadable('category'),
          sentiment: unreadable('sentiment'),
          complaint: unreadable('complaint'),
          urgency: unreadable('urgency'),
        },
        negative: false,
        negativeScore: 0,
        evidence: [],
      };

    const features = found.map((f) => f.feature);
    const category = decide('category', features);
    const sentiment = decide('sentiment', features);
    const negativeScore = round(sentiment.probabilities[HEADS.sentiment.indexOf('negative')] ?? 0);
    const negative = negativeScore >= decides.negativeFrom;
    const explained: Explained[] = [{ table: tables.heads.category, label: category.best }];
    if (negative)
      explained.push({ table: tables.heads.sentiment, label: HEADS.sentiment.indexOf('negative') });
    return {
      ...ids,
      heads: {
        category: category.answer,
        ...(category.next >= decides.secondFrom && { second: category.answer.runnerUp }),
        sentiment: sentiment.answer,
        complaint: decide('complaint', features).answer,
        urgency: decide('urgency', features).answer,
      },
      negative,
      negativeScore,
      evidence: evidenceOf(found, explained),
    };
  };
}

/** Loads a model folder, every file verified. Throws `RedressError` as `readModel` does. */
export async function loadBaseline(modelDir: string): Promise<Baseline> {
  const { manifest, info, files } = await readModel(modelDir);
  if (manifest.kind !== 'naive-bayes') throw new TypeError(`${manifest.id} is not the baseline`);
  try {
    const weights = Weights.parse(JSON.parse(files.get('weights.json')?.toString('utf8') ?? ''));
    const classify = classifier(tablesOf(weights, manifest.decides.smoothing), manifest.decides, info);
    return {
      model: info,
      classify,
      label: async (texts) =>
        texts.map((text): Answer => {
          try {
            return { ok: true, prediction: classify(text) };
          } catch (e) {
            return { ok: false, reason: `the model failed on this text (${(e as Error).name})` };
          }
        }),
    };
  } catch (e) {
    throw new RedressError(
      'inference',
      'model_damaged',
      `weights.json in ${modelDir} doesn't hold the counts of ${HEAD_NAMES.join(', ')}.`,
      'Restore the model folder from the release, or train it again (models/README.md).',
      { cause: e },
    );
  }
}
