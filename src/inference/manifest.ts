import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { RedressError } from '../complaint/errors.js';
import { HEADS } from '../complaint/labels.js';
import { FEATURES_VERSION } from './features.js';
import type { ModelInfo } from './port.js';
import { TRANSFORMER_FILES, TRANSFORMER_LABELS, TransformerDecides } from './transformer/manifest.js';
import { MODEL_TEXT_VERSION } from './transformer/text.js';

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

/** All that changes an answer of the baseline. Its hash is the prediction's `weightsHash`. */
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
const id = z.string().min(1).max(64);
const licences = z.record(z.string(), z.string());

/** The baseline's manifest. */
export const Manifest = z.object({
  id,
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
  licences,
});
export type Manifest = z.infer<typeof Manifest>;

/** A transformer's manifest; its figures are what `redress evaluate --json` printed, at full length. */
export const TransformerManifest = z.object({
  id,
  kind: z.literal('transformer'),
  decides: TransformerDecides,
  trained: z
    .record(z.string(), z.json())
    .describe('Command, seeds, data hashes, what was left out, seconds.'),
  measuredOn: z.string(),
  metrics: z
    .object({
      open: z.object({ categoryAccuracy: share, negativeRecall: share }).catchall(z.json()),
    })
    .catchall(z.json()),
  licences,
});
export type TransformerManifest = z.infer<typeof TransformerManifest>;

const AnyManifest = z.discriminatedUnion('kind', [Manifest, TransformerManifest]);
export type AnyManifest = z.infer<typeof AnyManifest>;

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
    const file = join(modelDir, name);
    if (!(await stat(file)).isFile()) throw Object.assign(new Error(), { code: 'no regular file' });
    return await readFile(file);
  } catch (e) {
    throw damaged(modelDir, `${name} can't be read (${(e as NodeJS.ErrnoException).code})`, e);
  }
}

export type ModelFiles = {
  readonly manifest: AnyManifest;
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
  let manifest: AnyManifest;
  try {
    manifest = AnyManifest.parse(JSON.parse(text));
  } catch (e) {
    throw damaged(modelDir, 'manifest.json is not a manifest of this version', e);
  }
  if (manifest.id !== basename(modelDir))
    throw new RedressError(
      'inference',
      'model_mismatch',
      `The folder ${modelDir} holds the model ${manifest.id}.`,
      `Call the folder ${manifest.id}: predictions are stored under that name.`,
    );
  const needed = manifest.kind === 'transformer' ? TRANSFORMER_FILES : [];
  for (const name of needed)
    if (manifest.decides.files[name] === undefined)
      throw damaged(modelDir, `manifest.json has no sha256 of ${name}`);
  const misfit = misfitOf(manifest);
  if (misfit !== undefined) throw mismatch(modelDir, misfit);

  const files = new Map<string, Buffer>();
  for (const [name, expected] of Object.entries(manifest.decides.files)) {
    const bytes = await readModelFile(modelDir, name);
    if (hashOf(bytes) !== expected) throw damaged(modelDir, `${name} has not the sha256 its manifest states`);
    files.set(name, bytes);
  }
  const config = files.get('config.json');
  if (manifest.kind === 'transformer' && config) {
    const { max_position_embeddings: most = 0 } = JSON.parse(config.toString('utf8'));
    if (manifest.decides.pieces > most)
      throw mismatch(
        modelDir,
        `it would read ${manifest.decides.pieces} pieces at once, and its graph has ${most} places`,
      );
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

/** Why a manifest that is well formed can't be used by this version. */
function misfitOf(manifest: AnyManifest): string | undefined {
  const labels = manifest.kind === 'transformer' ? TRANSFORMER_LABELS : HEADS;
  if (JSON.stringify(manifest.decides.labels) !== JSON.stringify(labels))
    return 'its labels are not those of src/complaint/labels.ts';
  const [prepared, found, known] =
    manifest.kind === 'transformer'
      ? (['text function', manifest.decides.text, MODEL_TEXT_VERSION] as const)
      : (['features', manifest.decides.features, FEATURES_VERSION] as const);
  return found === known ? undefined : `it was trained on ${prepared} ${found}, not ${known}`;
}

function infoOf(manifest: AnyManifest): ModelInfo {
  const weightsHash = hashOf(JSON.stringify(manifest.decides));
  if (manifest.kind === 'transformer') {
    const { categoryAccuracy, negativeRecall } = manifest.metrics.open;
    return {
      id: manifest.id,
      weightsHash,
      score: { measuredOn: manifest.measuredOn, categoryAccuracy, negativeRecall },
    };
  }
  const { open, written } = manifest.metrics;
  const measured = open ?? written;
  return {
    id: manifest.id,
    weightsHash,
    score: {
      measuredOn: open
        ? `${open.name} (${open.rows} real messages)`
        : `held-out written messages (${written.rows})`,
      categoryAccuracy: measured.accuracy.category,
      negativeRecall: measured.negative.recall,
    },
  };
}
