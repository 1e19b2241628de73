import { Worker } from 'node:worker_threads';
import { RedressError } from '../complaint/errors.js';
import { askToEnd, newSignals } from './guard.js';
import { type FromThread, matched, type ToThread, type WireItem, type WireResult } from './protocol.js';

/** A living worker thread. */
export type Thread = {
  /**
   * Results by `seq`, one for each item. One batch at a time. Throws `RedressError` (`thread_died`, `thread_silent`, `closed`,
   * `bad_answer`); the thread takes no more work after each of them.
   */
  run(items: readonly WireItem[]): Promise<ReadonlyMap<number, WireResult>>;
  /** Ends it, as soon as it is outside of native code; resolves when it is gone. */
  stop(): Promise<void>;
  /** Resolves when it is gone. */
  readonly exited: Promise<void>;
};

export type ThreadOptions = {
  /** Module that speaks the protocol of protocol.ts. */
  readonly entry: URL;
  readonly workerData: unknown;
  /** Longest wait for a batch or for the first sign of life, ms; then the thread is ended. */
  readonly deadlineMs: number;
};

/** How often it is looked whether a thread has come back from native code. */
const LOOK_MS = 20;

const AGAIN = 'Nothing of the batch was labelled; it can be tried again.';
const FEWER =
  'Look at the machine: it may have no core or memory to spare. Fewer inference.threads need less of both.';
const failure = (code: string, problem: string, fix = AGAIN, cause?: unknown): RedressError =>
  new RedressError('inference', code, problem, fix, { cause });

/** Resolves when the thread is ready for work; `onExit` is called once when a ready thread is gone. */
export async function startThread(options: ThreadOptions, onExit: (code: string) => void): Promise<Thread> {
  // The child needs nothing of the environment, so it gets nothing.
  const signals = newSignals();
  const workerData = { ...(options.workerData as object), signals };
  const worker = new Worker(options.entry, { workerData, env: {} });
  let gone: RedressError | undefined;
  let ready = false;
  let settle: ((got: FromThread | RedressError) => void) | undefined;

  const terminate = (): void => {
    if (askToEnd(signals)) void worker.terminate();
    else setTimeout(terminate, LOOK_MS);
  };
  /** In native code it can't be ended yet; whoever waits for it is told at once all the same. */
  const end = (e: RedressError): void => {
    gone ??= e;
    terminate();
    if (!askToEnd(signals)) tell();
  };
  let told = false;
  /** The pool must know before whoever waits, or it would give the next batch to a dead thread. */
  const tell = (): void => {
    if (told || !gone) return;
    told = true;
    if (ready) onExit(gone.code);
    settle?.(gone);
  };
  worker.on('error', (e) => {
    gone ??= failure('thread_died', `A thread failed: ${(e as Error).message}.`, AGAIN, e);
  });
  worker.on('messageerror', () => end(failure('bad_answer', 'A thread sent what could not be read.')));
  worker.on('message', (got: FromThread) => settle?.(got));
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      gone ??= failure('thread_died', `A thread ended with code ${code}.`);
      tell();
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
        () =>
          end(
            ready
              ? failure('thread_silent', `A thread did not answer in ${options.deadlineMs} ms.`)
              : failure('thread_silent', `A thread did not start in ${options.deadlineMs} ms.`, FEWER),
          ),
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
    stop: () => {
      end(failure('closed', 'The classifier was closed.'));
      return exited;
    },
    exited,
  };
}
