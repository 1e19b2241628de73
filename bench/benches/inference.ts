import { isDeepStrictEqual } from 'node:util';
import { type Baseline, loadBaseline } from '../../src/inference/baseline.js';
import { startInference } from '../../src/inference/pool.js';
import type { Inference, InferenceItem } from '../../src/inference/port.js';
import { modelDir } from '../../src/paths.js';
import { type Bench, interleave, row, sized } from '../harness.js';
import { someTexts } from '../texts.js';

const MODEL = 'baseline-bayes-1';
/** As a transform job asks: the records of a receipt, some jobs at a time. */
const GROUP = 256;
const AT_A_TIME = 4;

type Metric = 'rate' | 'cpu';

async function clocked(n: number, work: () => Promise<void> | void) {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: n / seconds, cpu: (user + system) / n };
}

function viaPool(pool: Inference, items: readonly InferenceItem[]) {
  return clocked(items.length, async () => {
    let next = 0;
    const lane = async () => {
      while (next < items.length) {
        const from = next;
        next += GROUP;
        const results = await pool.classify(items.slice(from, from + GROUP), 'bulk');
        if (results.some((r) => !r.ok)) throw new Error('bench: a text was not labelled');
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  });
}

/** A pool that is fast because it answers something else would be no pool. */
async function sameAnswers(pool: Inference, direct: Baseline, items: readonly InferenceItem[]) {
  const some = items.slice(0, 500);
  const results = await pool.classify(some, 'bulk');
  const same = results.every(
    (r, i) => r.ok && isDeepStrictEqual(r.prediction, direct.classify(some[i]?.text ?? '')),
  );
  if (!same) throw new Error('bench: the pool labels otherwise than the classifier itself');
}

export const inference: Bench = {
  name: 'inference',
  what: 'texts labelled through the pool of threads, against the classifier called in the main thread',
  async run({ rounds, scale, say }) {
    const n = sized(12_000, scale, 20);
    const items = someTexts(n).map((text, i) => ({ id: String(i), text }));
    const direct = await loadBaseline(modelDir(MODEL));
    const pools: Inference[] = [];
    try {
      for (const threads of [1, 2]) pools.push(await startInference({ modelDir: modelDir(MODEL), threads }));
      const [one, two] = pools as [Inference, Inference];
      say('warming up');
      const inMain = () =>
        clocked(n, () => {
          for (const { text } of items) direct.classify(text);
        });
      const sides = { direct: inMain, one: () => viaPool(one, items), two: () => viaPool(two, items) };
      for (const side of Object.values(sides)) await side();
      for (const pool of pools) await sameAnswers(pool, direct, items);
      say(`${rounds} rounds of ${n} texts`);
      const samples = await interleave<keyof typeof sides, Metric>(rounds, sides);
      const of = (side: keyof typeof sides, metric: Metric) => samples[side].map((s) => s[metric]);
      const rival = (metric: Metric) => ({
        name: 'classifier in the main thread',
        values: of('direct', metric),
      });
      return {
        rows: [
          row('pool of 1: rate', 'texts/s', of('one', 'rate'), rival('rate')),
          row('pool of 2: rate', 'texts/s', of('two', 'rate'), rival('rate')),
          row('pool of 1: CPU', 'µs/text', of('one', 'cpu'), rival('cpu')),
          row('pool of 2: CPU', 'µs/text', of('two', 'cpu'), rival('cpu')),
        ],
        notes: [
          `Model ${MODEL}. Calls of ${GROUP} texts, ${AT_A_TIME} at a time, as transform jobs make them.`,
          'The rival blocks the event loop while it works; the pool does not, which the ratio does not show.',
          'Before the rounds 500 answers of each pool were compared with the rival: equal in every field.',
        ],
      };
    } finally {
      await Promise.all(pools.map((pool) => pool.close()));
    }
  },
};
