import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { HEAD_NAMES, HEADS } from '../../../src/complaint/labels.js';
import { classifier } from '../../../src/inference/baseline.js';
import { resembling } from '../../../src/inference/evaluation/resemble.js';
import { type DataFile, readLabelled, readTexts } from '../../../src/inference/evaluation/rows.js';
import { type Decides, hashOf, type Manifest } from '../../../src/inference/manifest.js';
import { tablesOf, type Weights } from '../../../src/inference/weights.js';
import { calibrate, RULES } from './calibrate.js';
import { card } from './card.js';
import { count, SMOOTHING } from './count.js';
import { answers, byLanguage, figures } from './score.js';
import { SALT, split } from './split.js';

export type TrainOptions = {
  readonly id: string;
  /** Labelled JSON Lines or CSV files. */
  readonly data: readonly string[];
  /** Files whose texts must not be trained on, whatever their columns. */
  readonly exclude: readonly string[];
  /** A labelled file to measure on; never trained on, nothing is chosen on it. */
  readonly evaluate?: string | undefined;
  readonly outDir: string;
};

const sourceOf = ({ name, sha256, rows }: DataFile<unknown>) => ({ name, sha256, rows: rows.length });

/** One line an array, so that a change of the weights can be looked at. */
const weightsText = (weights: Weights): string =>
  `{"features":${JSON.stringify(weights.features)},\n"heads":{\n${HEAD_NAMES.map((head) => {
    const { examples, counts } = weights.heads[head];
    const rows = counts.map((row) => JSON.stringify(row)).join(',\n');
    return `"${head}":{"examples":${JSON.stringify(examples)},"counts":[\n${rows}]}`;
  }).join(',\n')}}}\n`;

/** Trains, calibrates, measures and writes weights.json, manifest.json and MODEL_CARD.md. Same input, same bytes. */
export async function train(options: TrainOptions): Promise<Manifest> {
  const data = await Promise.all(options.data.map(readLabelled));
  const excludeFiles = await Promise.all(options.exclude.map(readTexts));
  const all = data.flatMap((file) => file.rows);
  const dropped = resembling(
    all.map((row) => row.text),
    excludeFiles.flatMap((file) => file.rows),
  );
  const parts = split(all.filter((_, i) => !dropped.has(i)));

  const weights = count(parts.train);
  const tables = tablesOf(weights, SMOOTHING);
  const text = weightsText(weights);
  const decides: Decides = {
    ...calibrate(tables, parts.calibration),
    files: { 'weights.json': hashOf(text) },
    labels: { ...HEADS } as unknown as Decides['labels'],
  };
  const classify = classifier(tables, decides, {
    id: options.id,
    weightsHash: hashOf(JSON.stringify(decides)),
  });
  const written = answers(parts.test, classify);
  const open = options.evaluate === undefined ? undefined : await readLabelled(options.evaluate);
  const manifest: Manifest = {
    id: options.id,
    kind: 'naive-bayes',
    decides,
    trained: {
      by: 'models/training/baseline/train.ts',
      natural: createRequire(import.meta.url)('natural/package.json').version,
      data: data.map(sourceOf),
      excludeFiles: excludeFiles.map(sourceOf),
      excludedRows: all.filter((_, i) => dropped.has(i)).map((row) => row.at),
      split: {
        salt: SALT,
        train: parts.train.length,
        calibration: parts.calibration.length,
        test: parts.test.length,
      },
      rules: RULES,
    },
    metrics: {
      written: figures(written),
      writtenByLanguage: byLanguage(written),
      ...(open && {
        open: { ...figures(answers(open.rows, classify)), name: open.name, sha256: open.sha256 },
      }),
    },
    licences: { weights: 'Apache-2.0', 'training text': "the project's own, Apache-2.0", natural: 'MIT' },
  };
  await mkdir(options.outDir, { recursive: true });
  await writeFile(join(options.outDir, 'weights.json'), text);
  await writeFile(join(options.outDir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(options.outDir, 'MODEL_CARD.md'), card(manifest));
  return manifest;
}
