import { CATEGORIES, type Head } from '../../complaint/labels.js';
import type { Prediction } from '../../complaint/prediction.js';
import type { Row } from './rows.js';

/** A labelled message and what a model says of it. */
export type Answered = { readonly row: Row; readonly prediction: Prediction };

/** Something measured over rows, given by number; NaN where no row has it. */
export type Metric = (rows: readonly number[]) => number;

const BINS = 15;
/** Classes with fewer rows say nothing by themselves. */
const LEAST = 15;

export const act = ({ row }: Answered): boolean => row.complaint === 'y' || row.sentiment === 'negative';
export const right = (head: Head) => (a: Answered) => a.prediction.heads[head].label === a.row[head];
export const rightOrSecond = ({ row, prediction }: Answered): boolean =>
  [row.category, row.second].includes(prediction.heads.category.label);

/** Share of the rows for which `is` holds, among those for which `of` does. */
export const share =
  (
    all: readonly Answered[],
    is: (a: Answered) => boolean,
    of: (a: Answered) => boolean = () => true,
  ): Metric =>
  (rows) => {
    let [hit, whole] = [0, 0];
    for (const i of rows) {
      const a = all[i] as Answered;
      if (!of(a)) continue;
      whole += 1;
      if (is(a)) hit += 1;
    }
    return hit / whole;
  };

/** Rows of each category that has some, and fewer than 15. */
export function rare(all: readonly Answered[]): Record<string, number> {
  const counts = CATEGORIES.map((c) => [c, all.filter(({ row }) => row.category === c).length] as const);
  return Object.fromEntries(counts.filter(([, n]) => n > 0 && n < LEAST));
}

/** Mean F1 over the categories with 15 rows or more in the whole set. */
export function macroF1(all: readonly Answered[]): Metric {
  const few = rare(all);
  const large = CATEGORIES.filter((c) => !(c in few) && all.some(({ row }) => row.category === c));
  return (rows) => {
    const said = new Map<string, number>();
    const is = new Map<string, number>();
    const both = new Map<string, number>();
    const add = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
    for (const i of rows) {
      const { row, prediction } = all[i] as Answered;
      const label = prediction.heads.category.label;
      add(said, label);
      add(is, row.category);
      if (label === row.category) add(both, label);
    }
    const f1 = (c: string) => (2 * (both.get(c) ?? 0)) / Math.max(1, (said.get(c) ?? 0) + (is.get(c) ?? 0));
    return large.reduce((sum, c) => sum + f1(c), 0) / large.length; // NaN where no class is large enough
  };
}

/** Mean distance between confidence and accuracy over 15 bins of as many rows each. */
export const calibrationError =
  (all: readonly Answered[], head: Head): Metric =>
  (rows) => {
    const sorted = rows
      .map((i) => all[i] as Answered)
      .map((a) => ({ sure: a.prediction.heads[head].confidence, hit: right(head)(a) ? 1 : 0 }))
      .sort((a, b) => a.sure - b.sure);
    let sum = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const part = sorted.slice((bin * sorted.length) / BINS, ((bin + 1) * sorted.length) / BINS);
      sum += Math.abs(part.reduce((s, { sure, hit }) => s + sure - hit, 0));
    }
    return sum / sorted.length;
  };

/** Accuracy of the category on that share of the rows of which the model is surest. */
export const surest =
  (all: readonly Answered[], part: number): Metric =>
  (rows) => {
    const sure = (i: number) => (all[i] as Answered).prediction.heads.category.confidence;
    const kept = [...rows].sort((a, b) => sure(b) - sure(a)).slice(0, Math.round(rows.length * part));
    return share(all, right('category'))(kept);
  };
