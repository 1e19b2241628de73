import { type Category, HEAD_NAMES, HEADS, type Head } from '../../../src/complaint/labels.js';
import type { Row } from '../../../src/inference/evaluation/rows.js';
import { FEATURES_VERSION, featuresOf } from '../../../src/inference/features.js';
import type { Decides } from '../../../src/inference/manifest.js';
import { scoresOf, softmax, type Tables } from '../../../src/inference/weights.js';
import { SMOOTHING } from './count.js';

/** A head keeps its answer where the kept answers of the calibration part reach this accuracy ... */
const KEPT_ACCURACY = { category: 0.8, sentiment: 0.9, complaint: 0.9, urgency: 0.85 } as const;
/** ... but never sends more than this share of the rows to a person. */
const MOST_ABSTAINED = 0.15;
const NEGATIVE_RECALL = 0.95;
const SECOND_PRECISION = 0.5;

export const RULES = {
  temperature: 'per head, least negative log-likelihood on the calibration part',
  abstainBelow: `per head, the least threshold at which kept answers of the calibration part are right in ${JSON.stringify(KEPT_ACCURACY)}, but abstaining on at most ${MOST_ABSTAINED} of the rows`,
  secondFrom: `least threshold at which the second categories given on the calibration part are the annotated category or second in ${SECOND_PRECISION}`,
  negativeFrom: `highest threshold with a recall of at least ${NEGATIVE_RECALL} for sentiment = negative on the calibration part: the best precision at that recall`,
};

const floor = (p: number): number => Math.floor(p * 1e4) / 1e4;

type Scored = { readonly row: Row; readonly scores: Record<Head, number[]> };

/** Everything of `Decides` that is chosen on the calibration part, which the weights never saw. */
export function calibrate(
  tables: Tables,
  rows: readonly Row[],
): Pick<Decides, 'temperatures' | 'abstainBelow' | 'secondFrom' | 'negativeFrom' | 'smoothing' | 'features'> {
  const scored = rows.map((row): Scored => {
    const found = [...featuresOf(row.text).keys()].flatMap((key) => tables.index.get(key) ?? []);
    const scores = Object.fromEntries(HEAD_NAMES.map((head) => [head, scoresOf(tables.heads[head], found)]));
    return { row, scores: scores as Record<Head, number[]> };
  });
  const perHead = <T>(choose: (head: Head) => T) =>
    Object.fromEntries(HEAD_NAMES.map((head) => [head, choose(head)])) as Record<Head, T>;

  const temperatures = perHead((head) => temperature(scored, head));
  const probabilities = (head: Head) => scored.map((s) => softmax(s.scores[head], temperatures[head]));
  return {
    features: FEATURES_VERSION,
    smoothing: SMOOTHING,
    temperatures,
    abstainBelow: perHead((head) => abstainBelow(scored, head, probabilities(head))),
    secondFrom: secondFrom(scored, probabilities('category')),
    negativeFrom: negativeFrom(scored, probabilities('sentiment')),
  };
}

/** The log-likelihood has one maximum in 1/T: a fixed ladder of 2 % steps from 0.5 to 50 finds it. */
function temperature(scored: readonly Scored[], head: Head): number {
  const labels: readonly string[] = HEADS[head];
  let best = { t: 1, loss: Number.POSITIVE_INFINITY };
  for (let t = 0.5; t < 50; t *= 1.02) {
    let loss = 0;
    for (const { row, scores } of scored)
      loss -= Math.log(Math.max(1e-12, softmax(scores[head], t)[labels.indexOf(row[head])] ?? 0));
    if (loss < best.loss) best = { t, loss };
  }
  return Math.round(best.t * 1e3) / 1e3;
}

function abstainBelow(
  scored: readonly Scored[],
  head: Head,
  probabilities: readonly (readonly number[])[],
): number {
  const labels: readonly string[] = HEADS[head];
  const answers = probabilities
    .map((p, i) => {
      const top = Math.max(...p);
      return { top, right: labels[p.indexOf(top)] === scored[i]?.row[head] };
    })
    .sort((a, b) => a.top - b.top);
  let right = answers.filter((a) => a.right).length;
  for (const [i, { top, right: was }] of answers.entries()) {
    const enough = right / (answers.length - i) >= KEPT_ACCURACY[head];
    if (enough || i >= answers.length * MOST_ABSTAINED) return floor(top);
    if (was) right--;
  }
  return 0;
}

function secondFrom(scored: readonly Scored[], probabilities: readonly (readonly number[])[]): number {
  const labels: readonly string[] = HEADS.category;
  const guesses = probabilities
    .map((p, i) => {
      const second = [...p.keys()].sort((a, b) => (p[b] ?? 0) - (p[a] ?? 0))[1] ?? 0;
      return {
        p: p[second] ?? 0,
        right: [scored[i]?.row.category, scored[i]?.row.second].includes(labels[second] as Category),
      };
    })
    .sort((a, b) => b.p - a.p);
  let from = 1;
  let right = 0;
  for (const [i, guess] of guesses.entries()) {
    if (guess.right) right++;
    if (right / (i + 1) >= SECOND_PRECISION) from = floor(guess.p);
  }
  return from;
}

function negativeFrom(scored: readonly Scored[], probabilities: readonly (readonly number[])[]): number {
  const at = HEADS.sentiment.indexOf('negative');
  const negatives = probabilities
    .filter((_, i) => scored[i]?.row.sentiment === 'negative')
    .map((p) => p[at] ?? 0)
    .sort((a, b) => b - a);
  return floor(negatives[Math.ceil(negatives.length * NEGATIVE_RECALL) - 1] ?? 0);
}
