import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Inference, InferenceItem, InferenceResult } from '../../src/inference/port.js';

/** As a transform job asks: the records of a receipt, some jobs at a time. */
export const GROUP = 256;
export const AT_A_TIME = 4;

/** A timer of this period is asked how late it comes; ms. The finest there is, as the period is in what is recorded. */
const PERIOD_MS = 1;
/** Least lateness that is told apart from none, ms. */
const FLOOR_MS = 0.001;

export type Metric = 'rate' | 'cpu' | 'late' | 'longest';

/**
 * Texts a second; CPU of this process with its threads, µs a text; how late timers of the main thread came meanwhile, ms:
 * 99 % of them at most `late`, and the latest.
 */
export async function clocked(n: number, work: () => Promise<void>): Promise<Record<Metric, number>> {
  const delay = monitorEventLoopDelay({ resolution: PERIOD_MS });
  delay.enable();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  const late = (ns: number) => Math.max(FLOOR_MS, ns / 1e6 - PERIOD_MS);
  return {
    rate: n / seconds,
    cpu: (user + system) / n,
    late: late(delay.percentile(99)),
    longest: late(delay.max),
  };
}

/** All items, in calls of GROUP. Throws if one was not labelled. */
export async function labelled(
  inference: Pick<Inference, 'classify'>,
  items: readonly InferenceItem[],
): Promise<InferenceResult[]> {
  const results: InferenceResult[] = new Array(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const from = next;
      next += GROUP;
      const some = await inference.classify(items.slice(from, from + GROUP), 'bulk');
      for (const [i, result] of some.entries()) results[from + i] = result;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  if (results.some((r) => !r.ok)) throw new Error('bench: a text was not labelled');
  return results;
}

/** Says what was said before, after as long as `rate()` texts a second take in calls of AT_A_TIME. */
export function stubbed(said: readonly InferenceResult[], rate: () => number): Pick<Inference, 'classify'> {
  const of = new Map(said.map((result) => [result.id, result]));
  return {
    classify: (items) =>
      new Promise((resolve) => {
        const ms = (items.length * AT_A_TIME * 1_000) / rate();
        setTimeout(() => resolve(items.map(({ id }) => of.get(id) as InferenceResult)), ms);
      }),
  };
}
