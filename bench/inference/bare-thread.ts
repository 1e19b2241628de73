import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ReadyBatch } from './tensors.js';

export type BareWork = {
  readonly file: string;
  readonly batches: readonly ReadyBatch[];
  /** One number that all threads share: the batch that is next. */
  readonly next: Int32Array;
};
/** Category logits of the batches that a thread has run, by number. */
export type BareSaid = readonly (readonly [batch: number, logits: Float32Array])[];

const { file, batches, next } = workerData as BareWork;
const session = await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const feeds = batches.map(({ ids, mask, dims }) => ({
  input_ids: new Tensor('int64', ids, dims),
  attention_mask: new Tensor('int64', mask, dims),
}));

async function run(): Promise<BareSaid> {
  const said: [number, Float32Array][] = [];
  for (let i = Atomics.add(next, 0, 1); i < feeds.length; i = Atomics.add(next, 0, 1)) {
    const out = await session.run(feeds[i] as (typeof feeds)[number]);
    said.push([i, out.category?.data as Float32Array]);
  }
  return said;
}

// A failure ends the thread, which whoever waits is told.
parentPort?.on('message', () => void run().then((said) => parentPort?.postMessage(said)));
parentPort?.postMessage([] satisfies BareSaid);
