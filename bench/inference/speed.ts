import { HEADS } from '../../src/complaint/labels.js';
import type { Inference, InferenceItem, InferenceResult } from '../../src/inference/port.js';
import { type BenchOptions, interleave, type Outcome, row } from '../harness.js';
import { categories, startBare } from './bare.js';
import { AT_A_TIME, clocked, GROUP, labelled, type Metric, stubbed } from './clocked.js';
import { type ReadyBatch, readyBatches } from './tensors.js';

/** A rival that computes something else would be none. */
function sameAnswers(
  batches: readonly ReadyBatch[],
  bare: ReadonlyMap<number, Float32Array>,
  ours: readonly InferenceResult[],
): number {
  const found = categories(batches, bare);
  for (const [text, category] of found) {
    const result = ours[text];
    if (!result?.ok || result.prediction.heads.category.label !== HEADS.category[category])
      throw new Error(
        `bench: the bare session labels text ${text} otherwise than the pool: are its batches still those of the pool?`,
      );
  }
  return found.size;
}

/** Pools of one and two threads against as many bare sessions in threads; the event loop against a stub. */
export async function speed(
  modelDir: string,
  texts: readonly string[],
  [one, two]: readonly [Inference, Inference],
  { rounds, say }: Pick<BenchOptions, 'rounds' | 'say'>,
): Promise<Outcome> {
  const n = texts.length;
  const items: InferenceItem[] = texts.map((text, i) => ({ id: String(i), text }));
  const batches = await readyBatches(modelDir, texts);
  const bare = await startBare(modelDir, batches, 2);
  try {
    say('warming up');
    const said = await labelled(one, items);
    const same = sameAnswers(batches, await bare.run(2), said);
    await labelled(two, items);
    let pace = 0;
    const viaPool = async (pool: Inference) => clocked(n, async () => void (await labelled(pool, items)));
    const alone = (threads: number) => clocked(n, async () => void (await bare.run(threads)));
    const stub = stubbed(said, () => pace);
    const sides = {
      bareOne: () => alone(1),
      one: async () => {
        const sample = await viaPool(one);
        pace = sample.rate;
        return sample;
      },
      stub: () => clocked(n, async () => void (await labelled(stub, items))),
      bareTwo: () => alone(2),
      two: () => viaPool(two),
    };
    say(`${rounds} rounds of ${n} texts`);
    const samples = await interleave<keyof typeof sides, Metric>(rounds, sides);
    const of = (side: keyof typeof sides, metric: Metric) => samples[side].map((s) => s[metric]);
    const against = (side: keyof typeof sides, name: string, metric: Metric) => ({
      name,
      values: of(side, metric),
    });
    const [bareOne, bareTwo, stubOne] = ['1 bare session', '2 bare sessions', 'inference stubbed'] as const;
    const pieces = batches.reduce((sum, { dims: [rows, length] }) => sum + rows * length, 0);
    return {
      rows: [
        row('pool of 1: rate', 'texts/s', of('one', 'rate'), against('bareOne', bareOne, 'rate')),
        row('pool of 2: rate', 'texts/s', of('two', 'rate'), against('bareTwo', bareTwo, 'rate')),
        row('pool of 1: CPU', 'µs/text', of('one', 'cpu'), against('bareOne', bareOne, 'cpu')),
        row('pool of 2: CPU', 'µs/text', of('two', 'cpu'), against('bareTwo', bareTwo, 'cpu')),
        row('event loop: late, 99 %', 'ms', of('one', 'late'), against('stub', stubOne, 'late')),
        row('event loop: latest', 'ms', of('one', 'longest'), against('stub', stubOne, 'longest')),
      ],
      notes: [
        `Model ${one.model.id}. ${n} texts in calls of ${GROUP}, ${AT_A_TIME} at a time, as transform jobs make them: ${batches.length} runs of the graph, ${Math.round(pieces / n)} pieces a text with padding.`,
        'A bare session stands in a worker thread too, as many threads as the pool has, one thread of ONNX Runtime in each; its batches are those of the pool, as tensors, and the next one goes to whoever is free.',
        `Before the rounds ${same} texts of one window were compared: pool and bare session give the same category.`,
        'Event loop: the main thread, with a pool of 1 at work, or with nothing but timers that answer at its pace. Late = what a timer of 1 ms takes longer.',
      ],
    };
  } finally {
    await bare.close();
  }
}
