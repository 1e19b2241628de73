import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchOptions, interleave, type Outcome, row } from '../harness.js';
import { startHost } from '../process/rpc.js';
import { rssMiBOf } from '../process/usage.js';
import type { InferenceHandlers } from './host.js';

const SETTLE_MS = 1_000;
const MOST_ROUNDS = 3;

/** RSS of a process before it has a pool, and after the pool has labelled the texts; MiB. */
async function oneProcess(modelDir: string, threads: number, texts: readonly string[]) {
  const host = startHost<InferenceHandlers>(new URL('./host.js', import.meta.url));
  try {
    await host.call('up');
    await sleep(SETTLE_MS);
    const without = rssMiBOf(host.pid);
    await host.call('start', { modelDir, threads });
    await host.call('label', texts);
    await sleep(SETTLE_MS); // what the last calls held is given up
    return { without, having: rssMiBOf(host.pid) };
  } finally {
    await host.end();
  }
}

/** Memory of a process with a pool over that of the same process without. */
export async function memoryOf(
  modelDir: string,
  texts: readonly string[],
  { rounds, say }: Pick<BenchOptions, 'rounds' | 'say'>,
): Promise<Outcome> {
  const count = Math.min(rounds, MOST_ROUNDS);
  say(`memory, ${count} rounds`);
  const samples = await interleave<'one' | 'two', 'without' | 'having'>(count, {
    one: () => oneProcess(modelDir, 1, texts),
    two: () => oneProcess(modelDir, 2, texts),
  });
  const rowOf = (side: 'one' | 'two', threads: number) =>
    row(
      `memory: pool of ${threads}`,
      'MiB',
      samples[side].map((s) => s.having),
      { name: 'the process before', values: samples[side].map((s) => s.without) },
    );
  return {
    rows: [rowOf('one', 1), rowOf('two', 2)],
    notes: [
      `Memory: RSS of a Node process of its own before it has a pool, and after the pool has labelled ${texts.length} texts. At most ${MOST_ROUNDS} rounds.`,
    ],
  };
}
