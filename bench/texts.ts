import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelsDir } from '../src/paths.js';

const FILES = ['train.jsonl', 'train_more.jsonl'];

let loaded: string[] | undefined;

/** The texts of the training set: complaints as customers write them, in several languages and lengths. */
export function trainingTexts(): readonly string[] {
  loaded ??= FILES.flatMap((name) =>
    readFileSync(join(modelsDir, 'training', 'baseline', 'data', name), 'utf8')
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

/** A REST body as a CRM would send it: words, an id of its own, a phone number. `tag` keeps the ids of two calls apart. */
export function bodyOf(text: string, tag: string, i: number): object {
  return {
    text,
    externalId: `${tag}-${i}`,
    channel: 'app',
    customer: { msisdn: `0803${String(i % 10_000_000).padStart(7, '0')}` },
  };
}
