import { basename } from 'node:path';
import { AutoTokenizer } from '@xenova/transformers';
import { Lanes } from '../../src/inference/lanes.js';
import { readModel } from '../../src/inference/manifest.js';
import { BUDGETS } from '../../src/inference/pool.js';
import type { Logits } from '../../src/inference/transformer/decide.js';
import { createLabeller } from '../../src/inference/transformer/labeller.js';
import { TRANSFORMER_LABELS } from '../../src/inference/transformer/manifest.js';
import { ADDS, openSession, type Said } from '../../src/inference/transformer/session.js';
import type { Window } from '../../src/inference/transformer/windows.js';

/** Inputs of one run of the graph, rows × length. */
export type ReadyBatch = {
  readonly dims: readonly [rows: number, length: number];
  readonly ids: BigInt64Array;
  readonly mask: BigInt64Array;
  /** Which text each row is a window of. */
  readonly texts: readonly number[];
};

/** An answer that costs nothing: what is wanted of the labeller here is what it asks. */
const nothing = ({ size }: Window): Said => ({
  logits: Object.fromEntries(
    Object.entries(TRANSFORMER_LABELS).map(([head, labels]) => [head, new Float32Array(labels.length)]),
  ) as Logits,
  words: new Float32Array((size + 2) * ADDS),
});

function tensors(windows: readonly Window[], first: number, [start, end]: readonly bigint[]): ReadyBatch {
  const length = Math.max(...windows.map((w) => w.size)) + 2;
  const ids = new BigInt64Array(windows.length * length);
  const mask = new BigInt64Array(windows.length * length);
  windows.forEach(({ words, size }, row) => {
    ids.set([start as bigint, ...words.flatMap((w) => w.ids.map(BigInt)), end as bigint], row * length);
    mask.fill(1n, row * length, row * length + size + 2);
  });
  return { dims: [windows.length, length], ids, mask, texts: windows.map((w) => first + w.text) };
}

/**
 * The batches that the pool makes of the texts while none comes beside them, as tensors. They are what its own labeller asks a
 * session for, so that no rule of cutting and grouping is written here a second time.
 */
export async function readyBatches(modelDir: string, texts: readonly string[]): Promise<ReadyBatch[]> {
  const { manifest, info } = await readModel(modelDir);
  if (manifest.kind !== 'transformer') throw new Error(`bench: ${manifest.id} is no transformer`);
  const { encode } = await openSession(modelDir);
  const special = (await AutoTokenizer.from_pretrained(basename(modelDir))).encode('').map(BigInt);
  const batches: ReadyBatch[] = [];
  let first = 0;
  const labeller = createLabeller(
    {
      encode,
      run: async (windows) => {
        batches.push(tensors(windows, first, special));
        return windows.map(nothing);
      },
    },
    manifest.decides,
    info,
  );
  const budget = BUDGETS[manifest.kind];
  const lanes = new Lanes();
  lanes.add('bulk', {
    items: texts.map((text, i) => ({ id: String(i), text })),
    results: [],
    next: 0,
    left: texts.length,
    failed: false,
    resolve: () => {},
    reject: () => {},
  });
  for (let batch = lanes.take(budget); batch.length > 0; batch = lanes.take(budget)) {
    first = batch[0]?.index ?? 0;
    await labeller.label(batch.map((p) => p.text));
  }
  return batches;
}
