import type { Prediction } from '../../complaint/prediction.js';
import { random } from './bootstrap.js';
import type { Label } from './label.js';

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** The text without these words, wherever they stand, in any case. */
export function without(text: string, words: readonly string[]): string {
  const gone = new Set(words.map((w) => w.toLowerCase()));
  return text.replace(WORD, (word) => (gone.has(word.toLowerCase()) ? ' ' : word));
}

/** As many words of the text as `count`, drawn by chance, none of them in `but`. */
export function someWords(text: string, count: number, but: readonly string[], next: () => number): string[] {
  const left = [...new Set(text.toLowerCase().match(WORD) ?? [])].filter((w) => !but.includes(w));
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(next() * left.length), 1),
  ).flat();
}

/** A text that a model called negative, without the words it gave as evidence, and without as many others. */
export type Removal = { readonly index: number; readonly evidence: string; readonly chance: string };

/** Of each negative text with evidence that leaves as many other words; by a seed, so the same every time. */
export function removals(texts: readonly string[], predictions: readonly Prediction[]): Removal[] {
  const next = random(1);
  return texts.flatMap((text, index) => {
    const { negative, evidence } = predictions[index] as Prediction;
    const words = evidence.flatMap((e) => e.match(WORD) ?? []);
    const others = someWords(text, words.length, words, next);
    if (!negative || words.length === 0 || others.length < words.length) return [];
    return [{ index, evidence: without(text, words), chance: without(text, others) }];
  });
}

const round = (x: number): number => Math.round(x * 1e4) / 1e4;

/** How often the category stays and how far the negative score falls. */
export type Fallen = { readonly sameCategory: number; readonly scoreFell: number };

export function fallen(before: readonly Prediction[], after: readonly Prediction[]): Fallen {
  const rows = Math.max(1, before.length);
  const same = before.filter((p, i) => p.heads.category.label === after[i]?.heads.category.label).length;
  const fell = before.reduce((sum, p, i) => sum + p.negativeScore - (after[i]?.negativeScore ?? 0), 0);
  return { sameCategory: round(same / rows), scoreFell: round(fell / rows) };
}

/** What becomes of answers when the words given as evidence are taken out of the texts, and when as many others are. */
export type Faithfulness = { readonly rows: number; readonly evidence: Fallen; readonly chance: Fallen };

export async function faithfulness(
  label: Label,
  texts: readonly string[],
  before: readonly Prediction[],
): Promise<Faithfulness> {
  const cases = removals(texts, before);
  const of = cases.map(({ index }) => before[index] as Prediction);
  return {
    rows: cases.length,
    evidence: fallen(of, await label(cases.map((c) => c.evidence))),
    chance: fallen(of, await label(cases.map((c) => c.chance))),
  };
}
