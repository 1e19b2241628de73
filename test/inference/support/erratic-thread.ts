import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { guardOf } from '../../../src/inference/guard.js';
import type { FromThread, ToThread, WireResult } from '../../../src/inference/protocol.js';

/** A thread that speaks the pool's protocol and misbehaves where a text asks for it; else echoes a failure. */
const post = (message: FromThread): void => parentPort?.postMessage(message);

parentPort?.on('message', ({ batch, items }: ToThread) => {
  const asked = (what: string): boolean => items.some(({ text }) => text === what);
  if (asked('exit')) process.exit(3);
  if (asked('throw')) throw new Error('broken on purpose');
  if (asked('silence')) return;
  if (asked('native')) {
    void nativeTwice();
    return;
  }
  const results = items.map(
    ({ seq, text }): WireResult => ({ seq, ok: false, reason: `${items.length}:${text}` }),
  );
  if (asked('missing')) results.pop();
  if (asked('foreign')) results[0] = { seq: 9_999, ok: false, reason: 'whose?' };
  if (asked('twice')) results[0] = results[1] ?? { seq: 0, ok: false, reason: '' };
  post({ kind: 'done', batch: asked('other batch') ? batch + 1 : batch, results });
});

/** As long as some batches in native code, one after the other; `native` counts how often it went in and came back. */
async function nativeTwice(): Promise<void> {
  const { signals, native } = workerData as { signals: Int32Array; native: Int32Array };
  const guard = guardOf(signals);
  for (let i = 0; i < 2; i++)
    await guard(async () => {
      Atomics.add(native, 0, 1);
      await sleep(1_000);
      Atomics.add(native, 1, 1);
    });
}

post({ kind: 'ready' });
