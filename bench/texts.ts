import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelsDir } from '../src/paths.js';

/** Labelled messages that were written for this project. */
export const TRAINING_FILES = ['train.jsonl', 'train_more.jsonl'].map((name) =>
  join(modelsDir, 'training', 'baseline', 'data', name),
);

let loaded: string[] | undefined;

/** The texts of the training set: complaints as customers write them, in several languages and lengths. */
export function trainingTexts(): readonly string[] {
  loaded ??= TRAINING_FILES.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { text: string }).text),
  );
  return loaded;
}

/** `n` texts from number `from` on; after the last comes the first again. */
export function someTexts(n: number, from = 0): string[] {
  const all = trainingTexts();
  return Array.from({ length: n }, (_, i) => all[(from + i) % all.length] as string);
}

/** The same, but all lengths and languages mixed from the first text on; every time in the same order. */
export function mixedTexts(n: number): string[] {
  const keyed = trainingTexts().map((text) => ({
    text,
    key: createHash('sha256').update(text).digest('hex'),
  }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return Array.from({ length: n }, (_, i) => (keyed[i % keyed.length] as { text: string }).text);
}

/** A REST body as a CRM would send it: words, an id of its own, a phone number. `tag` keeps the ids of two calls apart. */
export function bodyOf(text: string, tag: string, i: number): object {
  return {
    text,
    externalId: `${tag}-${i}`,
    channel: 'app',
    customer: { msisdn: `0803${String(i % 10_000_000).padStart(7, '0')}` },
  };
}
