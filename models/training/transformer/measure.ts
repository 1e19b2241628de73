import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Prediction } from '../../../src/complaint/prediction.js';
import { type Evaluation, evaluate, pairedDifference } from '../../../src/inference/evaluation/evaluate.js';
import type { Row } from '../../../src/inference/evaluation/rows.js';
import { startInference } from '../../../src/inference/pool.js';
import { loadRouting } from '../../../src/routing/rules.js';
import { type TeamLabels, teamOf } from '../../../src/routing/team-of.js';
import { seenText } from '../../../src/transform/seen.js';
import { measureTweets } from './afrisenti.js';
import type { Metrics } from './card.js';
import type { PreparedRow } from './plan.js';
import { readSets } from './sets.js';

const BASELINE = 'models/baseline-bayes-1';
/** Whose teams the figure is of. */
const ROUTING = 'config/routing.yaml';

async function label(modelDir: string, texts: readonly string[]): Promise<Prediction[]> {
  const inference = await startInference({ modelDir, threads: 2 });
  try {
    const answers = await inference.classify(
      texts.map((text, i) => ({ id: String(i), text })),
      'bulk',
    );
    return answers.map((answer) => {
      if (!answer.ok) throw new Error(`a text could not be labelled: ${answer.reason}`);
      return answer.prediction;
    });
  } finally {
    await inference.close();
  }
}

/** Held-out written rows; their prepared text is what the product would make of the raw one. */
function holdoutOf(lines: string): Row[] {
  return lines
    .split('\n')
    .filter((line) => line.includes('"part":"holdout"'))
    .map((line) => JSON.parse(line) as PreparedRow)
    .map((row) => ({
      ...(row.labels as NonNullable<PreparedRow['labels']>),
      id: row.id,
      at: row.id,
      text: row.text,
      source: row.source,
      channel: row.channel,
      language: row.language,
    }));
}

/** Mistakes quote real customers, whose texts are not shipped: ids only. */
const withoutTexts = ({ mistakes, ...rest }: Evaluation) => ({
  ...rest,
  mistakes: mistakes.map(({ text: _, ...mistake }) => mistake),
});

/** A prediction that says another category: what a rival that only has labels is compared by. */
const withCategory = (p: Prediction, category: Prediction['heads']['category']['label']): Prediction => ({
  ...p,
  heads: { ...p.heads, category: { ...p.heads.category, label: category } },
});

/** Measures a packed model through the product's own runtime: on test, on held-out written messages, on tweets. */
export async function measure(modelDir: string, { data, work }: { data: string; work: string }) {
  const sets = await readSets(data);
  const { test } = sets;
  const texts = test.rows.map((r) => seenText(r.text, 'NG'));
  const said = await label(modelDir, texts);
  const theirs = await label(BASELINE, texts);
  const routing = loadRouting(ROUTING);
  const real = [...sets.train.rows, ...sets.more.rows].map((r) => r.text);
  const options = { trained: real, teamOf: (labels: TeamLabels) => teamOf(routing, labels) };
  const open = evaluate(test.rows, said, options);
  const written = holdoutOf(await readFile(join(work, 'rows.jsonl'), 'utf8'));
  const ofWritten = await label(
    modelDir,
    written.map((r) => r.text),
  );
  const linear = JSON.parse(await readFile(join(work, 'linear-test.json'), 'utf8'));
  const plain = sets.plain.flatMap((f) => f.rows);
  const metrics: Metrics = {
    open: withoutTexts(open),
    written: withoutTexts(evaluate(written, ofWritten)),
    tweets: await measureTweets(data, [...real, ...plain], (tweets) => label(modelDir, tweets)),
    baseline: withoutTexts(evaluate(test.rows, theirs, options)),
    overBaseline: pairedDifference(test.rows, said, theirs),
    linear: {
      accuracy: linear.accuracy,
      categoryOver: pairedDifference(
        test.rows,
        said,
        said.map((p, i) => withCategory(p, linear.category[i])),
      ),
    },
  };
  return { metrics, measuredOn: `${test.name} (${test.rows.length} real messages)` };
}
