import { startInference } from '../../src/inference/pool.js';
import type { Inference } from '../../src/inference/port.js';
import { serve } from '../process/rpc.js';
import { labelled } from './clocked.js';

let pool: Inference | undefined;

const handlers = {
  /** Nothing yet: the process without a pool. */
  up: () => true,
  async start({ modelDir, threads }: { readonly modelDir: string; readonly threads: number }) {
    pool = await startInference({ modelDir, threads });
    return true;
  },
  async label(texts: readonly string[]) {
    if (!pool) throw new Error('bench: no pool');
    await labelled(
      pool,
      texts.map((text, i) => ({ id: String(i), text })),
    );
    return true;
  },
};
export type InferenceHandlers = typeof handlers;

serve(handlers);
