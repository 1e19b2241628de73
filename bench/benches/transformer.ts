import { resolve } from 'node:path';
import { startInference } from '../../src/inference/pool.js';
import type { Inference } from '../../src/inference/port.js';
import { modelDir } from '../../src/paths.js';
import { type Bench, sized } from '../harness.js';
import { memoryOf } from '../inference/memory.js';
import { quality } from '../inference/quality.js';
import { speed } from '../inference/speed.js';
import { mixedTexts } from '../texts.js';

const MODEL = 'minilm-telecom-1';
const BASELINE = 'baseline-bayes-1';
/** Some calls, so that every thread has had its largest batches. */
const MEMORY_TEXTS = 1_024;

/** Settings of this bench alone; an empty variable counts as not set. */
function given() {
  const { REDRESS_BENCH_MODEL: model, REDRESS_BENCH_PYTHON: python } = process.env;
  return {
    dir: model ? resolve(model) : modelDir(MODEL),
    python: python === 'none' ? undefined : python || 'python3',
  };
}

export const transformer: Bench = {
  name: 'transformer',
  what: 'texts labelled by the transformer: against the bare ONNX session, a stub, and other classifiers',
  async run({ rounds, scale, say }) {
    const { dir, python } = given();
    const texts = mixedTexts(sized(3_072, scale, 64));
    const baselineDir = modelDir(BASELINE);
    const pools: Inference[] = [];
    try {
      for (const threads of [1, 2]) pools.push(await startInference({ modelDir: dir, threads }));
      pools.push(await startInference({ modelDir: baselineDir, threads: 1 }));
      const [one, two, baseline] = pools as [Inference, Inference, Inference];
      const options = { rounds, scale, say };
      const parts = [
        await speed(dir, texts, [one, two], options),
        await memoryOf(dir, texts.slice(0, MEMORY_TEXTS), options),
        await quality(one, baseline, { ...options, modelDir: dir, baselineDir, python }),
      ];
      return { rows: parts.flatMap((p) => p.rows), notes: parts.flatMap((p) => p.notes) };
    } finally {
      await Promise.all(pools.map((pool) => pool.close()));
    }
  },
};
