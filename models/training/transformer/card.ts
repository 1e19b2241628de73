import { HEAD_NAMES } from '../../../src/complaint/labels.js';
import type { Figure } from '../../../src/inference/evaluation/bootstrap.js';
import type { Invariance } from '../../../src/inference/evaluation/changes.js';
import type { Evaluation } from '../../../src/inference/evaluation/evaluate.js';
import type { Faithfulness } from '../../../src/inference/evaluation/removal.js';
import type { TransformerManifest } from '../../../src/inference/manifest.js';
import type { Tweets } from './afrisenti.js';

type Measured = Omit<Evaluation, 'mistakes'> & {
  readonly mistakes: readonly Omit<Evaluation['mistakes'][number], 'text'>[];
};
export type Metrics = {
  readonly open: Measured;
  readonly written: Measured;
  readonly tweets: Tweets;
  readonly invariance: Invariance;
  readonly faithfulness: Faithfulness;
  readonly baseline: Measured;
  readonly overBaseline: Figure;
  readonly linear: {
    readonly accuracy: Readonly<Record<string, number>>;
    readonly categoryOver: Figure;
  };
};

const one = (share: number): string => (share * 100).toFixed(1);
const cell = ({ value, low, high }: Figure): string => `${one(value)} (${one(low)} to ${one(high)})`;
const line = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** Of the learning curve. */
type Point = {
  readonly rows: number;
  readonly category: number;
  readonly negative_recall: number;
  readonly negative_precision: number;
};

/** Of two annotators on 900 further messages, category; as the data set says. */
const AGREEMENT = 92;
const WRITTEN_MUST = { en: '78', pcm: '80', mix: '82' } as const;

function asked({ open, linear, written }: Metrics): string {
  const row = (what: string, figure: Figure, must: string, aim: string, rival?: number) =>
    line(what, cell(figure), must, aim, rival === undefined ? '' : one(rival));
  const { accuracy, negative } = open;
  const worst = Math.max(...HEAD_NAMES.map((head) => open.ece[head]));
  return [
    line('figure', 'value, % (95 % interval)', 'must', 'aim', 'TF-IDF + LR'),
    '|---|---|---|---|---|',
    row('category', accuracy.category, '82', '86', linear.accuracy.category),
    row('category over TF-IDF + LR, same rows', linear.categoryOver, '4', ''),
    ...(open.categoryMacroF1
      ? [row('category, macro-F1 over classes with 15 rows', open.categoryMacroF1, '76', '82')]
      : []),
    row('category or second', open.categoryOrSecond, '87', '91'),
    ...(open.team ? [row('team by the shipped routing.yaml', open.team, '', '')] : []),
    row('sentiment', accuracy.sentiment, '90', '94', linear.accuracy.sentiment),
    row('complaint', accuracy.complaint, '90', '93', linear.accuracy.complaint),
    row('urgency', accuracy.urgency, '80', '87', linear.accuracy.urgency),
    row('negative, recall', negative.recall, '96', '97'),
    row('negative, precision', negative.precision, '91', '93'),
    ...(open.otherSources ? [row('category, raw sources', open.otherSources.category, '78', '84')] : []),
    ...(open.fresh ? [row('category, no near-duplicate in train', open.fresh.category, '', '')] : []),
    row('category, surest 85 %', open.surest85, '88', '92'),
    line('calibration error, worst head', one(worst), '5', '3', ''),
    ...Object.entries(WRITTEN_MUST).flatMap(([name, must]) => {
      const spoken = written.by.language[name]?.category;
      return spoken ? [row(`written style, category, ${name}`, spoken, must, '85')] : [];
    }),
  ].join('\n');
}

/** Figures that stand under their must, by what `asked` shows. */
function missed(metrics: Metrics): string {
  const names = asked(metrics)
    .split('\n')
    .slice(2)
    .flatMap((row) => {
      const [, what = '', value = '', must = ''] = row.split('|').map((c) => c.trim());
      const [is, least] = [Number.parseFloat(value), Number.parseFloat(must)];
      const under = what.startsWith('calibration') ? is > least : is < least;
      return under ? [`${what} (${value.split(' ')[0]} of ${must})`] : [];
    });
  return names.join('; ') || 'none';
}

const groups = (title: string, of: Measured['by']['source']): string =>
  [
    line(title, 'rows', 'category', 'sentiment'),
    '|---|---|---|---|',
    ...Object.entries(of).map(([name, g]) => line(name, g.rows, cell(g.category), cell(g.sentiment))),
  ].join('\n');

/** The model card, every figure from the measurement, so that page and model can't drift apart. */
export function card({ id, trained, decides, licences }: TransformerManifest, metrics: Metrics): string {
  const { open, written, overBaseline, faithfulness: told } = metrics;
  const seconds = Object.values(trained.seconds as Record<string, number>).reduce((a, b) => a + b, 0);
  const exported = trained.export as {
    largestPairSum: number;
    limit: number;
    'sameArgmax/test': Record<string, number>;
  };
  const { parts } = trained.data as { parts: { select: number } };
  const curve = trained.curve as unknown as readonly Point[];
  return `# ${id}

Written by \`models/training/transformer/pack.ts\`; do not edit: pack again.

Labels one customer message to a telecom operator in one pass of a 6-layer, 384-wide transformer (MiniLM, int8): category (12) and a
second one, sentiment, complaint, urgency, language. What the labels mean: docs/labels.md.

## How good it is

On \`test.csv\`: ${open.rows} real messages in ${open.clusters} clusters of near-duplicates, measured after everything was chosen, through the
product's own runtime. Labels are a language-model annotator's; two of those agree on ${AGREEMENT} % of categories, so no model can be shown
to be better than that. Intervals are drawn over clusters.

\`must\` and \`aim\` are what the project asked for before it was trained. Under their must: ${missed(metrics)}. It is used all the same, as
nothing better that fits in 30 MB and a few milliseconds was found; a must that is missed is to be reached with more labelled rows (see the curve below).

${asked(metrics)}

"Raw sources" are all but SentiTel (\`sentitel\`: X posts to a Ugandan operator, without @, #, digits and punctuation): \`nigerian_isp\` X posts,
\`us_isp\` reviews and posts, \`fcc\` titles of complaints to the US regulator.

Over \`baseline-bayes-1\`, same rows: ${cell(overBaseline)} points of category accuracy.

Written style is ${written.rows} messages written by a language model and held out by near-duplicate cluster: another world than the real one.

${groups('source', open.by.source)}

${groups('language (written style)', written.by.language)}

${groups('channel (written style)', written.by.channel)}

Language head, written style: ${written.language ? cell(written.language) : 'not measured'}. Hausa, Yoruba and Igbo texts were not checked by native
speakers and no real labelled ones exist: figures on them say little.

Sentiment on AfriSenti test tweets, which are of all kinds and none of which, nor any like them, the label heads were trained on; up to 1,000 drawn a
language, without those that resemble a training text:

| language | tweets | left out | weighted F1 |
|---|---|---|---|
${Object.entries(metrics.tweets)
  .map(([language, t]) => line(language, t.rows, t.leaked, one(t.weightedF1)))
  .join('\n')}

The best system of the shared task, trained on those tweets, reached 75.1 over its 14 languages (SemEval-2023 Task 12): where feelings about
anything are asked for in these languages, take that.

## When it is not sure

${HEAD_NAMES.map((h) => `- ${h}: kept ${one(open.kept[h].share)} % of the answers, of which right ${cell(open.kept[h].accuracy)}; calibration error ${one(open.ece[h])}`).join('\n')}

\`negative\` is "complaint or displeased" with a score of ${decides.negativeFrom} or more. Temperatures, thresholds and this cut were chosen on dev and ${parts.select}
rows kept from training for it, and frozen; nothing was chosen on test.

## What it goes by

Same category after a change of form that leaves the meaning (goal: 95 %):

| change | messages of test that it alters | same category, % |
|---|---|---|
${Object.entries(metrics.invariance)
  .map(([change, { rows, same }]) => line(change, rows, one(same)))
  .join('\n')}

Evidence: of ${told.rows} messages called negative, ${one(told.evidence.sameCategory)} % keep their category without the words given as evidence, and the negative
score falls by ${told.evidence.scoreFell.toFixed(3)}; without as many other words, ${one(told.chance.sameCategory)} % and ${told.chance.scoreFell.toFixed(3)}.

## What it confuses

| is | said | rows |
|---|---|---|
${open.confusions.map((c) => line(c.is, c.said, c.rows)).join('\n')}

The ${open.mistakes.length} surest mistakes (ids of test.csv; texts are not shipped):

| id | is | said | confidence |
|---|---|---|---|
${open.mistakes.map((m) => line(m.id, m.is, m.said, one(m.confidence))).join('\n')}

Of too few rows for a figure of their own: ${Object.entries(open.rare)
    .map(([category, rows]) => `${category} (${rows} rows)`)
    .join(', ')}.

What more labelled rows would bring: the same recipe on part of its rows, measured on selection and dev (not on test).

| rows | category, % | negative, recall | negative, precision |
|---|---|---|---|
${curve.map((p) => line(p.rows, one(p.category), one(p.negative_recall), one(p.negative_precision))).join('\n')}

## How it was made

\`${trained.by}\`, ${Math.round(seconds / 60)} minutes on two cores; stages, seeds, data hashes and what was left out because it resembles a
dev or test text are in manifest.json. int8 weights are of reduced range: the largest sum of two products that a processor without
8-bit dot products adds in 16 bits is ${exported.largestPairSum} of ${exported.limit}. Same category as in float32 on ${one(exported['sameArgmax/test'].category ?? 0)} % of test.

Licences:

${Object.entries(licences)
  .map(([what, licence]) => `- ${what}: ${licence}`)
  .join('\n')}

Not for: decisions about people, other trades, other languages.
`;
}
