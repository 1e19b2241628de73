import { isRedressError, RedressError } from '../complaint/errors.js';
import { type Budget, Lanes, type Pending, type Request } from './lanes.js';
import { type AnyManifest, readModel } from './manifest.js';
import type { Inference, ModelInfo } from './port.js';
import { startThread, type Thread, type ThreadOptions } from './worker.js';

export type InferenceEvent =
  | { readonly kind: 'thread_started'; readonly thread: number }
  /** A thread is gone (`code` as in `Thread.run`); another is started after `againMs`. */
  | { readonly kind: 'thread_lost'; readonly thread: number; readonly code: string; readonly againMs: number }
  /** The calls with a text in this batch were rejected. */
  | {
      readonly kind: 'batch_rejected';
      readonly thread: number;
      readonly code: string;
      readonly items: number;
    };

export type PoolOptions = ThreadOptions & {
  readonly model: ModelInfo;
  readonly threads: number;
  readonly budget: Budget;
  /** First wait before a lost thread is started again, ms; doubles up to BACKOFF_MAX_MS until a batch succeeds. */
  readonly backoffMs: number;
  readonly onEvent?: ((event: InferenceEvent) => void) | undefined;
};

const BACKOFF_MAX_MS = 30_000;

type Slot = {
  readonly number: number;
  thread?: Thread | undefined;
  busy: boolean;
  losses: number;
  again?: NodeJS.Timeout;
  starting?: Promise<void>;
};

const closed = (): RedressError =>
  new RedressError('inference', 'closed', 'The classifier is closed.', 'Try again after the next start.');

/** `Inference` over worker threads that speak the protocol. Rejects if one of the first threads can't start. */
export async function startPool(options: PoolOptions): Promise<Inference> {
  const lanes = new Lanes();
  const slots: Slot[] = Array.from({ length: options.threads }, (_, i) => ({
    number: i + 1,
    busy: false,
    losses: 0,
  }));
  const underWay = new Set<Promise<void>>();
  /** Threads that take no more work and are not gone yet. */
  const leaving = new Set<Thread>();
  let isClosing = false;
  let closing: Promise<void> | undefined;

  function fail(request: Request, e: unknown): void {
    if (request.failed) return;
    request.failed = true;
    request.reject(e);
  }

  /** Gives every idle thread a batch; called whenever a text, a thread or an answer arrives. */
  function pump(): void {
    for (const slot of slots) {
      if (!slot.thread || slot.busy) continue;
      const batch = lanes.take(options.budget);
      if (batch.length === 0) return;
      slot.busy = true;
      const work = run(slot, slot.thread, batch).finally(() => {
        slot.busy = false;
        underWay.delete(work);
        pump();
      });
      underWay.add(work);
    }
  }

  async function run(slot: Slot, thread: Thread, batch: readonly Pending[]): Promise<void> {
    try {
      const results = await thread.run(batch.map(({ text }, seq) => ({ seq, text })));
      slot.losses = 0;
      batch.forEach(({ request, index }, seq) => {
        const result = results.get(seq);
        const id = request.items[index]?.id ?? '';
        if (result)
          request.results[index] = result.ok
            ? { id, ok: true, prediction: result.prediction }
            : { id, ok: false, reason: result.reason };
        if (--request.left === 0 && !request.failed) request.resolve(request.results);
      });
    } catch (e) {
      const code = isRedressError(e) ? e.code : 'not_sent';
      for (const { request } of batch) fail(request, e);
      options.onEvent?.({ kind: 'batch_rejected', thread: slot.number, code, items: batch.length });
    }
  }

  function lost(slot: Slot, code: string): void {
    const { thread } = slot;
    if (thread) {
      leaving.add(thread);
      void thread.exited.then(() => leaving.delete(thread));
    }
    slot.thread = undefined;
    if (isClosing) return;
    const againMs = Math.min(BACKOFF_MAX_MS, options.backoffMs * 2 ** Math.min(slot.losses++, 20));
    options.onEvent?.({ kind: 'thread_lost', thread: slot.number, code, againMs });
    slot.again = setTimeout(() => {
      slot.starting = start(slot).catch((e: unknown) => {
        // Without any thread nobody knows how long it will last: callers hear it now and try again.
        if (slots.every((s) => !s.thread)) for (const request of lanes.drain()) fail(request, e);
        lost(slot, 'start_failed');
      });
    }, againMs);
  }

  async function start(slot: Slot): Promise<void> {
    const thread = await startThread(options, (code) => lost(slot, code));
    if (isClosing) {
      await thread.stop();
      return;
    }
    slot.thread = thread;
    options.onEvent?.({ kind: 'thread_started', thread: slot.number });
    pump();
  }

  async function close(): Promise<void> {
    isClosing = true;
    for (const slot of slots) clearTimeout(slot.again);
    for (const request of lanes.drain()) fail(request, closed());
    await Promise.all([...underWay, ...slots.map((slot) => slot.starting)]);
    await Promise.all(slots.map((slot) => slot.thread?.stop()));
    await Promise.all([...leaving].map((thread) => thread.exited));
  }

  const inference: Inference = {
    model: options.model,
    waiting: (lane) => lanes.waitingIn(lane),
    classify: (items, lane, signal) =>
      new Promise((resolve, reject) => {
        if (isClosing) {
          reject(closed());
          return;
        }
        if (items.length === 0) {
          resolve([]);
          return;
        }
        const results = new Array(items.length);
        const request = { items, results, next: 0, left: items.length, failed: false, resolve, reject };
        signal?.addEventListener('abort', () => fail(request, signal.reason), { once: true });
        if (signal?.aborted) fail(request, signal.reason);
        lanes.add(lane, request);
        pump();
      }),
    close: () => {
      closing ??= close();
      return closing;
    },
  };

  const started = await Promise.allSettled(slots.map(start));
  const failed = started.find((s) => s.status === 'rejected');
  if (!failed) return inference;
  await inference.close();
  throw failed.reason;
}

/**
 * What a thread is given at a time: about a tenth of a second of work, so that a live text never waits long behind a bulk
 * batch, and the texts of one call are spread over the threads. `chars` are counted by `costOf`.
 */
export const BUDGETS: Readonly<Record<AnyManifest['kind'], Budget>> = {
  'naive-bayes': { chars: 65_536, items: 256 },
  transformer: { chars: 8_192, items: 32 },
};

export type InferenceOptions = {
  /** Folder of a model: manifest.json and the files it lists. */
  readonly modelDir: string;
  /** Worker threads, 1 or more. */
  readonly threads: number;
  readonly onEvent?: ((event: InferenceEvent) => void) | undefined;
};

/**
 * Verifies the model, then starts the threads. Throws `RedressError` (`model_damaged`, `model_mismatch`) that names the
 * file, before any thread is started.
 */
export async function startInference({ modelDir, threads, onEvent }: InferenceOptions): Promise<Inference> {
  if (!Number.isInteger(threads) || threads < 1)
    throw new RedressError(
      'inference',
      'bad_threads',
      `The number of inference threads is ${threads}.`,
      'Set it to a whole number from 1.',
    );
  const { manifest, info } = await readModel(modelDir);
  return startPool({
    entry: new URL('./thread.js', import.meta.url),
    workerData: { modelDir },
    model: info,
    threads,
    budget: BUDGETS[manifest.kind],
    deadlineMs: 60_000,
    backoffMs: 100,
    onEvent,
  });
}
