import { HEAD_NAMES } from '../../../src/complaint/labels.js';
import type { Figures, Manifest } from '../../../src/inference/manifest.js';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const table = (of: Figures): string =>
  [
    '| head | accuracy | calibration error (ECE) | answers kept | accuracy of those kept |',
    '|---|---|---|---|---|',
    ...HEAD_NAMES.map((head) => {
      const kept = of.kept[head];
      const cells = [of.accuracy[head], of.ece[head], kept.share, kept.accuracy].map(percent);
      return `| ${head} | ${cells.join(' | ')} |`;
    }),
    '',
    `Category macro-F1 ${of.categoryMacroF1.toFixed(3)}. \`negative\` at the operating point: recall ` +
      `${percent(of.negative.recall)} of ${of.negative.rows} negative messages, precision ${percent(of.negative.precision)}.`,
  ].join('\n');

/** The model card, every figure from the manifest, so that page and measurement can't drift apart. */
export function card({ id, decides, trained, metrics, licences }: Manifest): string {
  const languages = Object.entries(metrics.writtenByLanguage).map(
    ([language, m]) =>
      `| ${language} | ${m.rows} | ${percent(m.categoryAccuracy)} | ${percent(m.sentimentAccuracy)} |`,
  );
  const open = metrics.open
    ? `## On real messages\n\n\`${metrics.open.name}\` (sha256 ${metrics.open.sha256.slice(0, 12)}…), ${metrics.open.rows} real messages that were neither trained nor chosen on; labels by a language-model annotator.\n\n${table(metrics.open)}\n`
    : '## On real messages\n\nNot measured in this run (`--evaluate`).\n';
  return `# ${id}

Written by \`${trained.by}\`; do not edit: train again.

Labels one customer message to a telecom operator: category (12), sentiment (3), complaint (y, n), urgency (3). The first
model of Redress: small, fast, inspectable, **weak**. It is the line a better model has to beat and the fallback without one.

## How it works

From natural ${trained.natural}: the regular-expression tokenizer, the Porter stemmer, and one Bayes classifier per head, trained on stems
and pairs of stems that occur in two texts or more. Ours: folding of accents, addresses, handles and long numbers before
it; the scoring of natural's counts. natural divides a count by the label's number of texts, which favours labels with
long texts, and multiplies plain probabilities, which underflows to 0 for every label on texts of about a thousand characters; Redress divides by the label's
whole mass of features (multinomial Bayes, smoothing ${decides.smoothing}) and adds logarithms. A temperature per head softens Bayes's overconfidence.

Training text: ${trained.data.map((d) => `\`${d.name}\` (${d.rows} rows)`).join(', ')}, written by a language model for this project, no real customer's words.
${trained.excludedRows.length} rows that equal or resemble texts of ${trained.excludeFiles.length} demo files were left out. Split by near-duplicate cluster:
${trained.split.train} train, ${trained.split.calibration} calibration, ${trained.split.test} test. The shipped weights are those measured: they saw only the train part.

## Chosen on the calibration part

| head | temperature | abstains below |
|---|---|---|
${HEAD_NAMES.map((head) => `| ${head} | ${decides.temperatures[head]} | ${decides.abstainBelow[head]} |`).join('\n')}

\`negative\` from a score of ${decides.negativeFrom}; a second category from ${decides.secondFrom}. Rules:

${Object.entries(trained.rules)
  .map(([name, rule]) => `- ${name}: ${rule}`)
  .join('\n')}

## On held-out written messages

The ${metrics.written.rows} rows of the test part. They come from the same writer as the training text, so real messages are harder. Kind of
features, scoring and smoothing were settled in trials on an earlier random quarter of the same text and on a development set of real
messages, so these figures flatter a little.

${table(metrics.written)}

| language | rows | category | sentiment |
|---|---|---|---|
${languages.join('\n')}

${open}
## Limits

- Hausa, Yoruba and Igbo: few training rows, unchecked by native speakers, and an English stemmer. Do not rely on it there.
- Words only: no negation beyond a neighbouring word, no sarcasm, no reading of pictures or links.
- Words it never saw count for nothing. A text without a single known word gets other, neutral, n, normal, and every
  head abstains. Of a long text the first 512 words are read.
- Confidence is calibrated on written messages; on other text it can be too high.

## Licences

${Object.entries(licences)
  .map(([what, licence]) => `- ${what}: ${licence}`)
  .join('\n')}
`;
}
