import classifiers from 'natural/lib/natural/classifiers/index.js';
import stemmers from 'natural/lib/natural/stemmers/index.js';
import { HEAD_NAMES, HEADS, type Head } from '../../../src/complaint/labels.js';
import type { Row } from '../../../src/inference/evaluation/rows.js';
import { featuresOf } from '../../../src/inference/features.js';
import type { Weights } from '../../../src/inference/weights.js';

/** Texts that must hold a feature before it is counted: one text alone says more about its writer than its topic. */
const LEAST_TEXTS = 2;
export const SMOOTHING = 1;

function vocabularyOf(texts: readonly (readonly string[])[]): Set<string> {
  const holders = new Map<string, number>();
  for (const keys of texts) for (const key of keys) holders.set(key, (holders.get(key) ?? 0) + 1);
  return new Set([...holders].filter(([, n]) => n >= LEAST_TEXTS).map(([key]) => key));
}

/** Trains one Bayes classifier of natural per head and takes out what it counted. */
export function count(rows: readonly Row[]): Weights {
  const texts = rows.map((row) => [...featuresOf(row.text).keys()]);
  const vocabulary = vocabularyOf(texts);
  const documents = texts.map((keys) => keys.filter((key) => vocabulary.has(key)));
  const trained = HEAD_NAMES.map((head) => {
    const bayes = new classifiers.BayesClassifier(stemmers.PorterStemmer, SMOOTHING);
    documents.forEach((keys, i) => {
      bayes.addDocument(keys, rows[i]?.[head] ?? '');
    });
    bayes.train();
    return [head, bayes] as const;
  });
  const features = Object.keys(trained[0]?.[1].features ?? {});
  return {
    features,
    heads: Object.fromEntries(
      trained.map(([head, bayes]) => [head, countsOf(head, bayes, features.length)]),
    ) as Weights['heads'],
  };
}

/** natural starts a label's total at 1 and a seen feature at 1 + smoothing: both are taken off again. */
function countsOf(
  head: Head,
  { classifier }: InstanceType<typeof classifiers.BayesClassifier>,
  features: number,
): Weights['heads'][Head] {
  const labels: readonly string[] = HEADS[head];
  return {
    examples: labels.map((label) => Math.max(0, (classifier.classTotals[label] ?? 1) - 1)),
    counts: labels.map((label) => {
      const seen = classifier.classFeatures[label] ?? {};
      return Array.from({ length: features }, (_, f) => (f in seen ? (seen[f] ?? 0) - SMOOTHING : 0));
    }),
  };
}
