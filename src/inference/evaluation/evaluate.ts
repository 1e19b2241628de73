import { HEAD_NAMES, type Head } from '../../complaint/labels.js';
import type { Prediction } from '../../complaint/prediction.js';
import { draws, type Figure, figure } from './bootstrap.js';
import {
  type Answered,
  act,
  calibrationError,
  type Metric,
  macroF1,
  rare,
  right,
  rightOrSecond,
  share,
  surest,
} from './metrics.js';
import { clusters, Resemblance } from './resemble.js';
import type { Row } from './rows.js';

/** Texts of a cluster are drawn together, and a row with one such text in train is not a fresh one. */
const NEAR = 0.5;
const SUREST = 0.85;
const MISTAKES = 20;
const PAIRS = 15;

type Group = { readonly rows: number; readonly category: Figure; readonly sentiment: Figure };
type Groups = Readonly<Record<string, Group>>;

/** Everything that is said about a model on labelled messages; intervals are of 95 %. */
export type Evaluation = {
  readonly rows: number;
  readonly clusters: number;
  readonly accuracy: Readonly<Record<Head, Figure>>;
  /** Of the categories with enough rows; absent where none has. */
  readonly categoryMacroF1?: Figure;
  readonly categoryOrSecond: Figure;
  /** Of the rows that a team should see: sent to the one that the right labels send them to. */
  readonly team?: Figure;
  /** Of "complaint or displeased" at the frozen operating point. */
  readonly negative: { readonly rows: number; readonly recall: Figure; readonly precision: Figure };
  readonly ece: Readonly<Record<Head, number>>;
  readonly surest85: Figure;
  readonly kept: Readonly<Record<Head, { readonly share: number; readonly accuracy: Figure }>>;
  readonly language?: Figure;
  readonly by: { readonly source: Groups; readonly language: Groups; readonly channel: Groups };
  /** Rows of each category that has too few for a figure of its own. */
  readonly rare: Readonly<Record<string, number>>;
  /** Rows of all sources but the largest. */
  readonly otherSources?: Group;
  /** Rows without a near-duplicate among the texts trained on. */
  readonly fresh?: Group;
  readonly confusions: readonly { readonly is: string; readonly said: string; readonly rows: number }[];
  readonly mistakes: readonly {
    readonly id: string;
    readonly text: string;
    readonly is: string;
    readonly said: string;
    readonly confidence: number;
  }[];
};

export type EvaluateOptions = {
  /** Texts that the model was trained on. */
  readonly trained?: readonly string[];
  /** Team that labels send a message to. */
  readonly teamOf?: (labels: Pick<Row, 'category' | 'second' | 'sentiment' | 'urgency'>) => string;
};

const perHead = <T>(measure: (head: Head) => T) =>
  Object.fromEntries(HEAD_NAMES.map((head) => [head, measure(head)])) as Record<Head, T>;
const round = (x: number): number => Math.round(x * 1e4) / 1e4;

const saidBy = ({ prediction: { heads } }: Answered) => ({
  category: heads.category.label,
  second: heads.second ?? ('-' as const),
  sentiment: heads.sentiment.label,
  urgency: heads.urgency.label,
});

function confusions(all: readonly Answered[]): Evaluation['confusions'] {
  const pairs = new Map<string, { is: string; said: string; rows: number }>();
  for (const { row, prediction } of all) {
    const said = prediction.heads.category.label;
    if (said === row.category) continue;
    const key = `${row.category}>${said}`;
    const pair = pairs.get(key) ?? { is: row.category, said, rows: 0 };
    pair.rows += 1;
    pairs.set(key, pair);
  }
  return [...pairs.values()].sort((a, b) => b.rows - a.rows).slice(0, PAIRS);
}

/** The surest mistakes first: those are the ones that nobody would look at. */
const mistakes = (all: readonly Answered[]): Evaluation['mistakes'] =>
  all
    .filter((a) => !rightOrSecond(a))
    .sort((a, b) => b.prediction.heads.category.confidence - a.prediction.heads.category.confidence)
    .slice(0, MISTAKES)
    .map(({ row, prediction: { heads } }) => ({
      id: row.id ?? row.at,
      text: row.text.slice(0, 280),
      is: row.category,
      said: heads.category.label,
      confidence: heads.category.confidence,
    }));

/** Measures predictions against labels. `predictions` are of the rows, in order. Pure; the same input gives the same figures. */
export function evaluate(
  rows: readonly Row[],
  predictions: readonly Prediction[],
  { trained, teamOf }: EvaluateOptions = {},
): Evaluation {
  const all = rows.map((row, i): Answered => ({ row, prediction: predictions[i] as Prediction }));
  const cluster = clusters(
    rows.map((r) => r.text),
    NEAR,
  );
  const drawn = draws(cluster);
  const every = rows.map((_, i) => i);
  const over = (metric: Metric, part: readonly number[] = every): Figure => figure(part, drawn, metric);
  const group = (part: readonly number[]): Group => ({
    rows: part.length,
    category: over(share(all, right('category')), part),
    sentiment: over(share(all, right('sentiment')), part),
  });
  const groups = (key: 'source' | 'language' | 'channel'): Groups => {
    const values = [...new Set(rows.map((r) => r[key]))].sort();
    return Object.fromEntries(values.map((v) => [v, group(every.filter((i) => rows[i]?.[key] === v))]));
  };
  const bySource = groups('source');
  const [largest] = Object.entries(bySource).sort(([, a], [, b]) => b.rows - a.rows);
  const others = every.filter((i) => rows[i]?.source !== largest?.[0]);
  const known = trained && new Resemblance(trained);
  const spoken = (a: Answered) => a.prediction.heads.language !== undefined && a.row.language !== 'unknown';
  return {
    rows: rows.length,
    clusters: new Set(cluster).size,
    accuracy: perHead((head) => over(share(all, right(head)))),
    ...(Number.isNaN(macroF1(all)(every)) ? {} : { categoryMacroF1: over(macroF1(all)) }),
    categoryOrSecond: over(share(all, rightOrSecond)),
    ...(teamOf && { team: over(share(all, (a) => teamOf(saidBy(a)) === teamOf(a.row), act)) }),
    negative: {
      rows: all.filter(act).length,
      recall: over(share(all, (a) => a.prediction.negative, act)),
      precision: over(share(all, act, (a) => a.prediction.negative)),
    },
    ece: perHead((head) => round(calibrationError(all, head)(every))),
    surest85: over(surest(all, SUREST)),
    kept: perHead((head) => {
      const kept = every.filter((i) => all[i]?.prediction.heads[head].abstained === false);
      return { share: round(kept.length / all.length), accuracy: over(share(all, right(head)), kept) };
    }),
    ...(all.some(spoken) && {
      language: over(share(all, (a) => a.prediction.heads.language?.label === a.row.language, spoken)),
    }),
    by: { source: bySource, language: groups('language'), channel: groups('channel') },
    rare: rare(all),
    ...(others.length > 0 && { otherSources: group(others) }),
    ...(known && { fresh: group(every.filter((i) => known.like(rows[i]?.text ?? '', NEAR).length === 0)) }),
    confusions: confusions(all),
    mistakes: mistakes(all),
  };
}

/** How much more often the first is right about the category than the second, on the same rows. */
export function pairedDifference(
  rows: readonly Row[],
  first: readonly Prediction[],
  second: readonly Prediction[],
): Figure {
  const drawn = draws(
    clusters(
      rows.map((r) => r.text),
      NEAR,
    ),
  );
  const hit = (of: readonly Prediction[], i: number) =>
    of[i]?.heads.category.label === rows[i]?.category ? 1 : 0;
  return figure(
    rows.map((_, i) => i),
    drawn,
    (part) => part.reduce((sum, i) => sum + hit(first, i) - hit(second, i), 0) / part.length,
  );
}
