import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BareSaid, BareWork } from './bare-thread.js';
import type { ReadyBatch } from './tensors.js';

export type Bare = {
  /** All batches, shared among this many threads. Category logits of each batch. */
  run(threads: number): Promise<ReadonlyMap<number, Float32Array>>;
  close(): Promise<void>;
};

/** `most` threads with nothing but an ONNX session and ready tensors in them: what no inference can do without. */
export async function startBare(
  modelDir: string,
  batches: readonly ReadyBatch[],
  most: number,
): Promise<Bare> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const file = join(modelDir, 'onnx', 'model_quantized.onnx');
  const workerData: BareWork = { file, batches, next };
  const threads = Array.from(
    { length: most },
    () => new Worker(new URL('./bare-thread.js', import.meta.url), { workerData }),
  );
  const said = (some: readonly Worker[]) =>
    Promise.all(some.map(async (thread) => (await once(thread, 'message'))[0] as BareSaid));
  const close = async () => void (await Promise.all(threads.map((thread) => thread.terminate())));
  try {
    await said(threads);
  } catch (e) {
    await close();
    throw e;
  }
  return {
    run: async (count) => {
      Atomics.store(next, 0, 0);
      const some = threads.slice(0, count);
      const answers = said(some);
      for (const thread of some) thread.postMessage('go');
      return new Map((await answers).flat());
    },
    close,
  };
}

/** Label number that each text of one window is given; a text of several windows has none here. */
export function categories(
  batches: readonly ReadyBatch[],
  said: ReadonlyMap<number, Float32Array>,
): Map<number, number> {
  const found = new Map<number, number>();
  const windows = new Map<number, number>();
  batches.forEach(({ texts }, batch) => {
    const logits = said.get(batch) ?? new Float32Array();
    const labels = logits.length / texts.length;
    for (const [row, text] of texts.entries()) {
      windows.set(text, (windows.get(text) ?? 0) + 1);
      const own = logits.subarray(row * labels, (row + 1) * labels);
      found.set(text, own.indexOf(Math.max(...own)));
    }
  });
  for (const [text, count] of windows) if (count > 1) found.delete(text);
  return found;
}
