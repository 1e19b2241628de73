import { HEAD_NAMES, HEADS, type Head } from '../../../src/complaint/labels.js';
import type { Prediction } from '../../../src/complaint/prediction.js';
import type { Row } from '../../../src/inference/evaluation/rows.js';
import type { Figures, Manifest } from '../../../src/inference/manifest.js';

type Answer = { readonly row: Row; readonly prediction: Prediction };

const ratio = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((part / whole) * 1e4) / 1e4;
const count = <T>(list: readonly T[], test: (item: T) => boolean): number => list.filter(test).length;
const right = (head: Head) => (a: Answer) => a.prediction.heads[head].label === a.row[head];
const perHead = <T>(measure: (head: Head) => T) =>
  Object.fromEntries(HEAD_NAMES.map((head) => [head, measure(head)])) as Record<Head, T>;

export const answers = (rows: readonly Row[], classify: (text: string) => Prediction): Answer[] =>
  rows.map((row) => ({ row, prediction: classify(row.text) }));

function macroF1(all: readonly Answer[]): number {
  const scores = HEADS.category
    .map((label) => ({
      said: count(all, (a) => a.prediction.heads.category.label === label),
      is: count(all, (a) => a.row.category === label),
      both: count(all, (a) => a.row.category === label && right('category')(a)),
    }))
    .filter(({ is }) => is > 0)
    .map(({ said, is, both }) => (2 * both) / (said + is));
  return ratio(
    scores.reduce((a, b) => a + b, 0),
    scores.length,
  );
}

/** Mean distance between confidence and accuracy over ten bins of confidence, weighted by their rows. */
function calibrationError(all: readonly Answer[], head: Head): number {
  const bins = Array.from({ length: 10 }, () => ({ confidence: 0, right: 0 }));
  for (const answer of all) {
    const { confidence } = answer.prediction.heads[head];
    const bin = bins[Math.min(9, Math.floor(confidence * 10))];
    if (!bin) continue;
    bin.confidence += confidence;
    if (right(head)(answer)) bin.right++;
  }
  return ratio(
    bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0),
    all.length,
  );
}

export function figures(all: readonly Answer[]): Figures {
  const negatives = count(all, (a) => a.row.sentiment === 'negative');
  const caught = count(all, (a) => a.row.sentiment === 'negative' && a.prediction.negative);
  const said = count(all, (a) => a.prediction.negative);
  return {
    rows: all.length,
    accuracy: perHead((head) => ratio(count(all, right(head)), all.length)),
    categoryMacroF1: macroF1(all),
    negative: { rows: negatives, recall: ratio(caught, negatives), precision: ratio(caught, said) },
    ece: perHead((head) => calibrationError(all, head)),
    kept: perHead((head) => {
      const kept = all.filter((a) => !a.prediction.heads[head].abstained);
      return {
        share: ratio(kept.length, all.length),
        accuracy: ratio(count(kept, right(head)), kept.length),
      };
    }),
  };
}

export function byLanguage(all: readonly Answer[]): Manifest['metrics']['writtenByLanguage'] {
  const languages = [...new Set(all.map((a) => a.row.language))].sort();
  return Object.fromEntries(
    languages.map((language) => {
      const of = all.filter((a) => a.row.language === language);
      return [
        language,
        {
          rows: of.length,
          categoryAccuracy: ratio(count(of, right('category')), of.length),
          sentimentAccuracy: ratio(count(of, right('sentiment')), of.length),
        },
      ];
    }),
  );
}
