import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Prediction } from '../../../src/complaint/prediction.js';
import { invariance } from '../../../src/inference/evaluation/changes.js';
import { type Evaluation, evaluate, pairedDifference } from '../../../src/inference/evaluation/evaluate.js';
import { type Label, labelWith } from '../../../src/inference/evaluation/label.js';
import { faithfulness } from '../../../src/inference/evaluation/removal.js';
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

async function withModel<T>(modelDir: string, work: (label: Label) => Promise<T>): Promise<T> {
  const inference = await startInference({ modelDir, threads: 2 });
  try {
    return await work(labelWith(inference));
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

/** What only the model itself can be asked: on test, held-out written messages, and tweets of all kinds. */
type Asked = Pick<Metrics, 'tweets' | 'invariance' | 'faithfulness'> & {
  readonly said: readonly Prediction[];
  readonly ofWritten: readonly Prediction[];
};

/** Measures a packed model through the product's own runtime. */
export async function measure(modelDir: string, { data, work }: { data: string; work: string }) {
  const sets = await readSets(data);
  const { test } = sets;
  const raw = test.rows.map((r) => r.text);
  const seen = (texts: readonly string[]) => texts.map((text) => seenText(text, 'NG'));
  const real = [...sets.train.rows, ...sets.more.rows].map((r) => r.text);
  const plain = sets.plain.flatMap((f) => f.rows);
  const written = holdoutOf(await readFile(join(work, 'rows.jsonl'), 'utf8'));
  const { said, ofWritten, ...asked } = await withModel(modelDir, async (label): Promise<Asked> => {
    const before = await label(seen(raw));
    return {
      said: before,
      ofWritten: await label(written.map((r) => r.text)),
      tweets: await measureTweets(data, [...real, ...plain], label),
      invariance: await invariance((texts) => label(seen(texts)), raw, before),
      faithfulness: await faithfulness(label, seen(raw), before),
    };
  });
  const theirs = await withModel(BASELINE, (label) => label(seen(raw)));
  const routing = loadRouting(ROUTING);
  const options = { trained: real, teamOf: (labels: TeamLabels) => teamOf(routing, labels) };
  const linear = JSON.parse(await readFile(join(work, 'linear-test.json'), 'utf8'));
  const metrics: Metrics = {
    open: withoutTexts(evaluate(test.rows, said, options)),
    written: withoutTexts(evaluate(written, ofWritten)),
    ...asked,
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
