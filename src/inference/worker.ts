import { Worker } from 'node:worker_threads';
import { RedressError } from '../complaint/errors.js';
import { type FromThread, matched, type ToThread, type WireItem, type WireResult } from './protocol.js';

/** A living worker thread. */
export type Thread = {
  /**
   * Results by `seq`, one for each item. One batch at a time. Throws `RedressError` (`thread_died`, `thread_silent`,
   * `bad_answer`); the thread is gone after each of them.
   */
  run(items: readonly WireItem[]): Promise<ReadonlyMap<number, WireResult>>;
  stop(): Promise<void>;
};

export type ThreadOptions = {
  /** Module that speaks the protocol of protocol.ts. */
  readonly entry: URL;
  readonly workerData: unknown;
  /** Longest wait for a batch or for the first sign of life, ms; then the thread is ended. */
  readonly deadlineMs: number;
};

const failure = (code: string, problem: string, cause?: unknown): RedressError =>
  new RedressError('inference', code, problem, 'Nothing of the batch was labelled; it can be tried again.', {
    cause,
  });

/** Resolves when the thread is ready for work; `onExit` is called once when a ready thread is gone. */
export async function startThread(options: ThreadOptions, onExit: (code: string) => void): Promise<Thread> {
  // The child needs nothing of the environment, so it gets nothing.
  const worker = new Worker(options.entry, { workerData: options.workerData, env: {} });
  let gone: RedressError | undefined;
  let ready = false;
  let settle: ((got: FromThread | RedressError) => void) | undefined;

  const end = (e: RedressError): void => {
    gone ??= e;
    void worker.terminate();
  };
  worker.on('error', (e) => {
    gone ??= failure('thread_died', `A thread failed: ${(e as Error).message}.`, e);
  });
  worker.on('messageerror', () => end(failure('bad_answer', 'A thread sent what could not be read.')));
  worker.on('message', (got: FromThread) => settle?.(got));
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      gone ??= failure('thread_died', `A thread ended with code ${code}.`);
      // The pool must know first, or it would give the next batch to a dead thread.
      if (ready) onExit(gone.code);
      settle?.(gone);
      resolve();
    });
  });

  /** The next message, or the error that ended the thread. */
  const next = (): Promise<FromThread> =>
    new Promise((resolve, reject) => {
      if (gone) {
        reject(gone);
        return;
      }
      const silent = setTimeout(
        () => end(failure('thread_silent', `A thread did not answer in ${options.deadlineMs} ms.`)),
        options.deadlineMs,
      );
      settle = (got) => {
        clearTimeout(silent);
        settle = undefined;
        if ('kind' in got) resolve(got);
        else reject(got);
      };
    });

  await next();
  ready = true;

  let batches = 0;
  return {
    run: async (items) => {
      const sent: ToThread = { batch: ++batches, items };
      worker.postMessage(sent);
      const results = matched(sent, await next());
      if (results) return results;
      end(failure('bad_answer', 'A thread answered with missing or foreign ids.'));
      await exited;
      throw gone;
    },
    stop: async () => {
      gone ??= failure('closed', 'The thread was stopped.');
      await worker.terminate();
    },
  };
}
