import { z } from 'zod';
import { HEAD_NAMES, HEADS, type Head } from '../complaint/labels.js';

const counts = z.array(z.int().min(0));
const HeadCounts = z.object({
  examples: counts.describe('Training texts per label.'),
  counts: z.array(counts).describe('Per label: training texts that hold each feature.'),
});

/** What natural's Bayes classifiers counted in training, and nothing else: weights.json. */
export const Weights = z.object({
  features: z.array(z.string()),
  heads: z.object({
    category: HeadCounts,
    sentiment: HeadCounts,
    complaint: HeadCounts,
    urgency: HeadCounts,
  }),
});
export type Weights = z.infer<typeof Weights>;

/** Log-probabilities of one head, ready for adding up. */
export type HeadTable = {
  /** Log prior per label. */
  readonly prior: Float64Array;
  /** Log P(feature | label), features × labels, row by row. */
  readonly given: Float64Array;
  readonly labels: number;
};

/**
 * Multinomial log-probabilities from natural's counts: the denominator is the label's whole mass of features. (natural
 * divides by the label's number of texts, which favours labels with long texts, and multiplies plain probabilities,
 * which is 0 for every label on a long text.)
 */
export function tableOf(head: z.infer<typeof HeadCounts>, features: number, smoothing: number): HeadTable {
  const labels = head.examples.length;
  const texts = head.examples.reduce((a, b) => a + b, 0);
  const prior = Float64Array.from(head.examples, (n) => Math.log((n + 1) / (texts + labels)));
  const given = new Float64Array(features * labels);
  head.counts.forEach((row, label) => {
    const mass = row.reduce((a, b) => a + b, 0) + smoothing * features;
    for (let f = 0; f < features; f++)
      given[f * labels + label] = Math.log(((row[f] ?? 0) + smoothing) / mass);
  });
  return { prior, given, labels };
}

export type Tables = { readonly index: ReadonlyMap<string, number>; readonly heads: Record<Head, HeadTable> };

/** Throws an error that names the head if the shapes do not fit each other. */
export function tablesOf(weights: Weights, smoothing: number): Tables {
  const size = weights.features.length;
  const table = (name: Head): HeadTable => {
    const head = weights.heads[name];
    const labels = HEADS[name].length;
    if (head.examples.length !== labels || head.counts.length !== labels)
      throw new RangeError(`head ${name} has not ${labels} labels`);
    if (head.counts.some((row) => row.length !== size))
      throw new RangeError(`head ${name} has not ${size} counts per label`);
    return tableOf(head, size, smoothing);
  };
  const heads = Object.fromEntries(HEAD_NAMES.map((name) => [name, table(name)])) as Record<Head, HeadTable>;
  return { index: new Map(weights.features.map((feature, i) => [feature, i])), heads };
}

/** Log-scores per label (not normalised) of the features given by number. */
export function scoresOf(table: HeadTable, features: Iterable<number>): number[] {
  const scores = Array.from(table.prior);
  for (const f of features)
    for (let c = 0; c < table.labels; c++)
      scores[c] = (scores[c] ?? 0) + (table.given[f * table.labels + c] ?? 0);
  return scores;
}

/** Probabilities of log-scores, softened by a temperature over 1. */
export function softmax(scores: readonly number[], temperature: number): number[] {
  const top = Math.max(...scores);
  const powers = scores.map((s) => Math.exp((s - top) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}
