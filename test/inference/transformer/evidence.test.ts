import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readLabelled } from '../../../src/inference/evaluation/rows.js';
import { type AnyManifest, readModel } from '../../../src/inference/manifest.js';
import { createLabeller } from '../../../src/inference/transformer/labeller.js';
import { TRANSFORMER_LABELS, type TransformerDecides } from '../../../src/inference/transformer/manifest.js';
import { ADDS, openSession, type Said, type Session } from '../../../src/inference/transformer/session.js';
import { modelText } from '../../../src/inference/transformer/text.js';
import { batchesOf, type Window, windowsOf } from '../../../src/inference/transformer/windows.js';
import { createSplitter } from '../../../src/inference/transformer/words.js';
import { TRANSFORMER_DIR } from '../support/transformer-dir.js';

/** Shares and logits are rounded to int8 apart; of logits that are some units wide. */
const ROUNDED = 0.1;
const model = {
  id: 'm',
  weightsHash: 'w',
  score: { measuredOn: '', categoryAccuracy: 0, negativeRecall: 0 },
};

let session: Session;
let decides: TransformerDecides;
let texts: string[];

beforeAll(async () => {
  session = await openSession(TRANSFORMER_DIR);
  decides = transformer((await readModel(TRANSFORMER_DIR)).manifest);
  const { rows } = await readLabelled(join(resolve('models/training/baseline/data'), 'train.jsonl'));
  texts = rows.filter((_, i) => i % 30 === 0).map((r) => r.text);
});

function transformer(manifest: AnyManifest): TransformerDecides {
  if (manifest.kind !== 'transformer') throw new Error(`${manifest.id} is no transformer`);
  return manifest.decides;
}

async function evidence(from: Session, ...many: string[]): Promise<string[][]> {
  const answers = await createLabeller(from, decides, model).label(many);
  return answers.map((a) => (a.ok ? a.prediction.evidence : []));
}

/** Category and sentiment logits less what the pieces add to them: the bias, whatever the text. */
function rest({ logits, words }: Said): number[] {
  return [...logits.category, ...logits.sentiment].map((logit, i) => {
    let added = 0;
    for (let at = i; at < words.length; at += ADDS) added += words[at] as number;
    return logit - added;
  });
}

/**
 * A session whose pieces add what their word is worth to the first category, as the graph shares it out: over the pieces
 * of the window, its start and end among them. A word is one piece.
 */
const valued = (worth: Readonly<Record<string, number>>): Session => ({
  encode: () => [1],
  run: async (batch) =>
    batch.map(({ words, size }) => {
      const added = new Float32Array((size + 2) * ADDS);
      words.forEach(({ surface }, i) => {
        added[(i + 1) * ADDS] = (worth[surface] ?? 0) / (size + 2);
      });
      const first = added.reduce((a, b) => a + b, 0);
      const logits = Object.entries(TRANSFORMER_LABELS).map(([head, labels]) => {
        const values = new Float32Array(labels.length);
        values[0] = head === 'category' ? first : 1;
        return [head, values] as const;
      });
      return { logits: Object.fromEntries(logits) as Said['logits'], words: added };
    }),
});

describe('the words that decided', () => {
  it('add up to the logits, with a bias that is the same for every text', async () => {
    const split = createSplitter(session.encode);
    const windows: Window[] = texts.flatMap((text, i) => windowsOf(i, split(modelText(text)), 126));
    const rests: number[][] = [];
    for (const batch of batchesOf(windows, 1_024))
      for (const [row, said] of (await session.run(batch)).entries()) {
        expect(said.words).toHaveLength(((batch[row]?.size ?? 0) + 2) * ADDS);
        rests.push(rest(said));
      }
    expect(rests).toHaveLength(windows.length);
    for (let i = 0; i < ADDS; i++) {
      const values = rests.map((r) => r[i] as number);
      expect(Math.max(...values) - Math.min(...values)).toBeLessThan(ROUNDED);
    }
  });

  it('stand in the text, and stand for nothing else', async () => {
    const full = texts.map((t) => `@some_one ${t} [PHONE] https://example.com/x 😡`);
    const found = await evidence(session, ...full);
    for (const [i, words] of found.entries()) {
      for (const word of words) expect((full[i] as string).toLowerCase()).toContain(word);
      for (const standIn of ['[phone]', '[', ']', 'user', 'url']) expect(words).not.toContain(standIn);
    }
    expect(found.some((words) => words.length > 0)).toBe(true);
  });

  it('of a long text are the strongest of all windows, not those of a short last one', async () => {
    const filler = 'word '.repeat(decides.pieces - 3); // with "stolen", start and end one full window
    const [words] = await evidence(valued({ stolen: 10, sometimes: 1 }), `stolen ${filler} sometimes`);
    expect(words).toEqual(['stolen', 'sometimes']);
  });
});
