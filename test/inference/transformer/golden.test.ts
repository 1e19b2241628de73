import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { TRANSFORMER_LABELS } from '../../../src/inference/transformer/manifest.js';
import { openSession, type Session } from '../../../src/inference/transformer/session.js';
import { modelText } from '../../../src/inference/transformer/text.js';
import type { Logits } from '../../../src/inference/transformer/decide.js';
import { createSplitter } from '../../../src/inference/transformer/words.js';
import { TRANSFORMER_DIR } from '../support/transformer-dir.js';

/** As the training's `encode` cuts: pieces of a text, start and end among them. */
const LENGTH = 128;
const HEADS = Object.keys(TRANSFORMER_LABELS) as (keyof Logits)[];

/** What the training made of a text, in Python: written by its export stage, a copy of its golden.jsonl. */
type Golden = {
  readonly raw: string;
  readonly text: string;
  readonly ids: readonly number[];
  readonly logits: Readonly<Record<string, readonly number[]>>;
};
const GOLDEN: readonly Golden[] = readFileSync(resolve('test/inference/transformer/golden.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

let session: Session;
let split: ReturnType<typeof createSplitter>;
/** The tokenizer's own start and end. */
let start: number;
let end: number;

beforeAll(async () => {
  session = await openSession(TRANSFORMER_DIR);
  split = createSplitter(session.encode);
  [start, end] = [GOLDEN[0]?.ids[0] as number, GOLDEN[0]?.ids.at(-1) as number];
});

function idsOf(raw: string): number[] {
  const ids = [start, ...split(modelText(raw)).flatMap((word) => word.ids), end];
  return ids.length <= LENGTH ? ids : [...ids.slice(0, LENGTH - 1), end];
}

describe('what training and service make of a text', () => {
  it('is shown by texts of all kinds, the first of them empty', () => {
    expect(GOLDEN.length).toBeGreaterThan(40);
    expect(GOLDEN[0]?.ids).toHaveLength(2);
    expect(GOLDEN.filter(({ ids }) => ids.length === LENGTH).length).toBeGreaterThan(0);
  });

  it.each(GOLDEN.map((g): [string, Golden] => [g.raw.slice(0, 40), g]))('%j', async (_, golden) => {
    expect(modelText(golden.raw)).toBe(golden.text);
    expect(idsOf(golden.raw)).toEqual(golden.ids);
    const words = split(golden.text);
    const size = words.reduce((n, { ids }) => n + ids.length, 0);
    if (size + 2 > LENGTH) return; // read in windows by the service, cut in training
    const [said] = await session.run([{ text: 0, words, size }]);
    for (const head of HEADS) {
      const wanted = golden.logits[head] ?? [];
      expect(said?.logits[head]).toHaveLength(wanted.length);
      for (const [i, logit] of wanted.entries())
        expect(Math.abs((said?.logits[head][i] ?? Number.NaN) - logit)).toBeLessThan(0.05);
    }
  });
});
