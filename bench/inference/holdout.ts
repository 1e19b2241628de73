import { split } from '../../models/training/baseline/split.js';
import { plan } from '../../models/training/transformer/plan.js';
import { redactText } from '../../src/governance/privacy/redact.js';
import { type DataFile, type Row, readLabelled } from '../../src/inference/evaluation/rows.js';
import { readModel } from '../../src/inference/manifest.js';
import { cleanText } from '../../src/transform/steps/clean.js';
import { TRAINING_FILES } from '../texts.js';

export type HeldOut = {
  /** As the pipeline gives it to a model: clean, without personal data. */
  readonly text: string;
  /** As the transformer reads it. */
  readonly prepared: string;
  readonly category: string;
  /** Whether the baseline has not been trained on it either. */
  readonly newToBaseline: boolean;
};

export type Holdout = {
  readonly rows: readonly HeldOut[];
  /** What a rival may be trained on: all others, and none that resembles a row. */
  readonly train: readonly { readonly text: string; readonly category: string }[];
  /** False if drawn from a part of the texts, so that some rows were trained on: to see that it runs. */
  readonly counts: boolean;
};

/** Under this scale the hold-out comes from a sample of the texts: near-duplicate search in all of them takes half a minute. */
const WHOLE_FROM = 0.1;
const SAMPLE = 1_200;

const NONE: DataFile<never> = { name: '', sha256: '', rows: [] };

/** `at` of the rows that the baseline was trained on. */
async function trainedOn(rows: readonly Row[], baselineDir: string, whole: boolean): Promise<Set<string>> {
  const { manifest } = await readModel(baselineDir);
  if (manifest.kind !== 'naive-bayes') throw new Error(`bench: ${manifest.id} is not the baseline`);
  const { excludedRows, split: counted } = manifest.trained;
  const { train } = split(rows.filter(({ at }) => !excludedRows.includes(at)));
  if (whole && train.length !== counted.train)
    throw new Error(`bench: ${manifest.id} was trained on ${counted.train} rows, not on ${train.length}`);
  return new Set(train.map(({ at }) => at));
}

/** The written messages that the transformer is not trained on, drawn as its own recipe draws them. */
export async function readHoldout(baselineDir: string, scale: number): Promise<Holdout> {
  const whole = scale >= WHOLE_FROM;
  const files = await Promise.all(TRAINING_FILES.map(readLabelled));
  const step = whole ? 1 : Math.ceil(files.reduce((sum, { rows }) => sum + rows.length, 0) / SAMPLE);
  const written = files.map((file) => ({ ...file, rows: file.rows.filter((_, i) => i % step === 0) }));
  const drawn = plan({ train: NONE, more: NONE, dev: NONE, test: NONE, written, plain: [], banned: [] }).rows;
  const raw = written.flatMap(({ rows }) => rows);
  const seen = await trainedOn(raw, baselineDir, whole);
  const textOf = new Map(raw.map(({ at, text }) => [at, text]));
  return {
    rows: drawn
      .filter(({ part }) => part === 'holdout')
      .map(({ id, text, labels }) => ({
        text: redactText(cleanText(textOf.get(id) ?? ''), 'NG'),
        prepared: text,
        category: labels?.category ?? '',
        newToBaseline: !seen.has(id),
      })),
    train: drawn
      .filter(({ part }) => part === 'train')
      .map(({ text, labels }) => ({ text, category: labels?.category ?? '' })),
    counts: whole,
  };
}
