import { HEADS, type Head, LANGUAGES, type LabelOf } from '../../complaint/labels.js';
import type { Prediction } from '../../complaint/prediction.js';
import type { TRANSFORMER_LABELS, TransformerDecides } from './manifest.js';

/** Logits of one text, by head. */
export type Logits = Readonly<Record<keyof typeof TRANSFORMER_LABELS, Float32Array>>;
/** Everything of a prediction that follows from the logits. */
export type Decision = Pick<Prediction, 'heads' | 'negative' | 'negativeScore'>;

/** Probabilities are stored and compared with four decimals, so that what is stored and what was decided agree. */
const round = (p: number): number => Math.round(p * 1e4) / 1e4;

export function softmax(logits: Float32Array, temperature: number): Float64Array {
  let most = Number.NEGATIVE_INFINITY;
  for (const x of logits) most = Math.max(most, x / temperature);
  const e = Float64Array.from(logits, (x) => Math.exp(x / temperature - most));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / sum);
}

/** Index of the largest value, but for `except`. */
function best(values: ArrayLike<number>, except = -1): number {
  let at = except === 0 ? 1 : 0;
  for (let i = 0; i < values.length; i++)
    if (i !== except && (values[i] as number) > (values[at] as number)) at = i;
  return at;
}

/** The guidelines' answer for a text nobody can read; every head abstains, so a person sees it. */
export const UNREADABLE: Decision = {
  heads: {
    category: { label: 'other', confidence: round(1 / 12), abstained: true },
    sentiment: { label: 'neutral', confidence: round(1 / 3), abstained: true },
    complaint: { label: 'n', confidence: 0.5, abstained: true },
    urgency: { label: 'normal', confidence: round(1 / 3), abstained: true },
  },
  negative: false,
  negativeScore: 0,
};

/** Labels, confidences and what follows from them at the manifest's thresholds. Pure. */
export function decide(logits: Logits, decides: TransformerDecides): Decision {
  const head = <H extends Head>(name: H) => {
    const p = softmax(logits[name], decides.temperatures[name]);
    const first = best(p);
    const label = HEADS[name][first] as LabelOf<H>;
    const confidence = round(p[first] as number);
    const least = (decides.abstainBelow[name] as Readonly<Record<string, number>>)[label] ?? 1;
    return {
      p,
      first,
      answer: {
        label,
        confidence,
        runnerUp: HEADS[name][best(p, first)] as LabelOf<H>,
        abstained: confidence < least,
      },
    };
  };
  const category = head('category');
  const sentiment = head('sentiment');
  const complaint = head('complaint');
  const second = softmax(logits.second, decides.temperatures.second);
  second[category.first] = 0;
  second[HEADS.category.length] = 0; // "no second category"
  const other = best(second);
  const language = softmax(logits.language, decides.temperatures.language);
  const spoken = best(language);
  const negativeScore = round(Math.max(sentiment.p[0] as number, complaint.p[0] as number));
  return {
    heads: {
      category: category.answer,
      ...((second[other] as number) >= decides.secondFrom && {
        second: HEADS.category[other] as LabelOf<'category'>,
      }),
      sentiment: sentiment.answer,
      complaint: complaint.answer,
      urgency: head('urgency').answer,
      language: {
        label: LANGUAGES[spoken] as (typeof LANGUAGES)[number],
        confidence: round(language[spoken] as number),
      },
    },
    negative: negativeScore >= decides.negativeFrom,
    negativeScore,
  };
}
