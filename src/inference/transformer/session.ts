import { basename, dirname } from 'node:path';
import { AutoModel, AutoTokenizer, env, Tensor } from '@xenova/transformers';
import { type Guard, unguarded } from '../guard.js';
import type { Logits } from './decide.js';
import { TRANSFORMER_LABELS } from './manifest.js';
import type { Window } from './windows.js';

/** What the graph says of one window. */
export type Said = {
  readonly logits: Logits;
  /** What each of its pieces adds to the category and sentiment logits, pieces × 15, [CLS] first. */
  readonly words: Float32Array;
};

export type Session = {
  /** Piece ids of a word, without special ones. */
  encode(word: string): readonly number[];
  run(batch: readonly Window[]): Promise<Said[]>;
};

/** Values a piece has in the `words` output. */
export const ADDS = TRANSFORMER_LABELS.category.length + TRANSFORMER_LABELS.sentiment.length;
const HEAD_NAMES = Object.keys(TRANSFORMER_LABELS) as (keyof typeof TRANSFORMER_LABELS)[];
const PAD = 0n;

type Outputs = Readonly<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>;

/** Opens tokenizer and graph of a model folder. Nothing is ever fetched. One thread computes: the pool has more of them. */
export async function openSession(modelDir: string, guard: Guard = unguarded): Promise<Session> {
  env.allowRemoteModels = false;
  env.localModelPath = dirname(modelDir);
  const name = basename(modelDir);
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  const model = await guard(() =>
    AutoModel.from_pretrained(name, {
      dtype: 'q8',
      device: 'cpu',
      session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
    }),
  );
  const [start = 0, end = 0] = tokenizer.encode('');
  const [cls, sep] = [BigInt(start), BigInt(end)];

  return {
    encode: (word) => tokenizer.encode(word, { add_special_tokens: false }),
    run: async (batch) => {
      const longest = Math.max(...batch.map((w) => w.size)) + 2;
      const ids = new BigInt64Array(batch.length * longest).fill(PAD);
      const mask = new BigInt64Array(batch.length * longest);
      batch.forEach((window, row) => {
        let at = row * longest;
        ids[at++] = cls;
        for (const word of window.words) for (const id of word.ids) ids[at++] = BigInt(id);
        ids[at++] = sep;
        mask.fill(1n, row * longest, at);
      });
      const dims = [batch.length, longest];
      const inputs = {
        input_ids: new Tensor('int64', ids, dims),
        attention_mask: new Tensor('int64', mask, dims),
      };
      const out = (await guard(() => model(inputs))) as Outputs;
      const of = (name: string): Float32Array => out[name]?.data as Float32Array;
      return batch.map((window, row) => ({
        logits: Object.fromEntries(
          HEAD_NAMES.map((head) => {
            const n = TRANSFORMER_LABELS[head].length;
            return [head, of(head).subarray(row * n, (row + 1) * n)];
          }),
        ) as Logits,
        words: of('words').subarray(row * longest * ADDS, (row * longest + window.size + 2) * ADDS),
      }));
    },
  };
}
