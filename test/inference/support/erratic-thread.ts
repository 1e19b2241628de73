import { parentPort } from 'node:worker_threads';
import type { FromThread, ToThread, WireResult } from '../../../src/inference/protocol.js';

/** A thread that speaks the pool's protocol and misbehaves where a text asks for it; else echoes a failure. */
const post = (message: FromThread): void => parentPort?.postMessage(message);

parentPort?.on('message', ({ batch, items }: ToThread) => {
  const asked = (what: string): boolean => items.some(({ text }) => text === what);
  if (asked('exit')) process.exit(3);
  if (asked('throw')) throw new Error('broken on purpose');
  if (asked('silence')) return;
  const results = items.map(
    ({ seq, text }): WireResult => ({ seq, ok: false, reason: `${items.length}:${text}` }),
  );
  if (asked('missing')) results.pop();
  if (asked('foreign')) results[0] = { seq: 9_999, ok: false, reason: 'whose?' };
  if (asked('twice')) results[0] = results[1] ?? { seq: 0, ok: false, reason: '' };
  post({ kind: 'done', batch: asked('other batch') ? batch + 1 : batch, results });
});
post({ kind: 'ready' });
