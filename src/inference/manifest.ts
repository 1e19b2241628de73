import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { RedressError } from '../complaint/errors.js';
import { HEADS } from '../complaint/labels.js';
import { FEATURES_VERSION } from './features.js';
import type { ModelInfo } from './port.js';

const share = z.number().min(0).max(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const perHead = <T extends z.ZodType>(value: T) =>
  z.object({ category: value, sentiment: value, complaint: value, urgency: value });

/** Figures of one measurement; printed by the training command and copied nowhere else by hand. */
export const Figures = z.object({
  rows: z.int().min(0),
  accuracy: perHead(share),
  categoryMacroF1: share.describe('Mean over the categories that occur in the rows.'),
  negative: z.object({ rows: z.int().min(0), recall: share, precision: share }),
  ece: perHead(share).describe('Expected calibration error, 10 bins of equal width.'),
  kept: perHead(z.object({ share, accuracy: share })).describe('Rows on which the head did not abstain.'),
});
export type Figures = z.infer<typeof Figures>;

/** All that changes an answer. Its hash is the prediction's `weightsHash`. */
export const Decides = z.object({
  features: z.int().describe('FEATURES_VERSION the weights were counted with.'),
  files: z.record(z.string().regex(/^[\w-]+(\.[\w-]+)*$/), sha256),
  labels: z.object({
    category: z.array(z.string()),
    sentiment: z.array(z.string()),
    complaint: z.array(z.string()),
    urgency: z.array(z.string()),
  }),
  smoothing: z.number().positive(),
  temperatures: perHead(z.number().positive()),
  abstainBelow: perHead(share),
  secondFrom: share.describe('Least probability of a second category.'),
  negativeFrom: share.describe('Operating point: negative is negativeScore at or over it.'),
});
export type Decides = z.infer<typeof Decides>;

const DataFile = z.object({ name: z.string(), sha256, rows: z.int() });
export const Manifest = z.object({
  id: z.string().min(1).max(64),
  kind: z.literal('naive-bayes'),
  decides: Decides,
  trained: z.object({
    by: z.string(),
    natural: z.string(),
    data: z.array(DataFile),
    excludeFiles: z.array(DataFile),
    excludedRows: z
      .array(z.string())
      .describe('`file:line` of rows left out because they resemble demo data.'),
    split: z.object({ salt: z.string(), train: z.int(), calibration: z.int(), test: z.int() }),
    rules: z.record(z.string(), z.string()),
  }),
  metrics: z.object({
    written: Figures.describe('Held-out test part of the written messages.'),
    writtenByLanguage: z.record(
      z.string(),
      z.object({ rows: z.int(), categoryAccuracy: share, sentimentAccuracy: share }),
    ),
    open: Figures.extend({ name: z.string(), sha256 }).optional(),
  }),
  licences: z.record(z.string(), z.string()),
});
export type Manifest = z.infer<typeof Manifest>;

export const hashOf = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

const damaged = (modelDir: string, problem: string, cause?: unknown): RedressError =>
  new RedressError(
    'inference',
    'model_damaged',
    `The model in ${modelDir} can't be used: ${problem}.`,
    `Restore the folder ${basename(modelDir)} from the release, or train it again (models/README.md).`,
    { cause },
  );

async function readModelFile(modelDir: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(modelDir, name));
  } catch (e) {
    throw damaged(modelDir, `${name} can't be read (${(e as NodeJS.ErrnoException).code})`, e);
  }
}

export type ModelFiles = {
  readonly manifest: Manifest;
  readonly info: ModelInfo;
  /** Contents of the files the manifest lists, hashes verified. */
  readonly files: ReadonlyMap<string, Buffer>;
};

/**
 * Reads a model folder and verifies every file against its manifest.
 * Throws `RedressError` (`model_damaged`, `model_mismatch`) that names the file.
 */
export async function readModel(modelDir: string): Promise<ModelFiles> {
  const text = (await readModelFile(modelDir, 'manifest.json')).toString('utf8');
  let manifest: Manifest;
  try {
    manifest = Manifest.parse(JSON.parse(text));
  } catch (e) {
    throw damaged(modelDir, 'manifest.json is not a manifest of this version', e);
  }
  if (JSON.stringify(manifest.decides.labels) !== JSON.stringify(HEADS))
    throw mismatch(modelDir, 'its labels are not those of src/complaint/labels.ts');
  if (manifest.decides.features !== FEATURES_VERSION)
    throw mismatch(
      modelDir,
      `it was trained on features ${manifest.decides.features}, not ${FEATURES_VERSION}`,
    );

  const files = new Map<string, Buffer>();
  for (const [name, expected] of Object.entries(manifest.decides.files)) {
    const bytes = await readModelFile(modelDir, name);
    if (hashOf(bytes) !== expected) throw damaged(modelDir, `${name} has not the sha256 its manifest states`);
    files.set(name, bytes);
  }
  return { manifest, info: infoOf(manifest), files };
}

const mismatch = (modelDir: string, problem: string): RedressError =>
  new RedressError(
    'inference',
    'model_mismatch',
    `The model in ${modelDir} doesn't fit this version: ${problem}.`,
    'Use the model folder of this release, or train it again (models/README.md).',
  );

function infoOf({ id, decides, metrics }: Manifest): ModelInfo {
  const measured = metrics.open ?? metrics.written;
  return {
    id,
    weightsHash: hashOf(JSON.stringify(decides)),
    score: {
      measuredOn: metrics.open
        ? `${metrics.open.name} (${metrics.open.rows} real messages)`
        : `held-out written messages (${metrics.written.rows})`,
      categoryAccuracy: measured.accuracy.category,
      negativeRecall: measured.negative.recall,
    },
  };
}
