import { parentPort, workerData } from 'node:worker_threads';
import { guardOf, type Signals } from './guard.js';
import { loadLabeller } from './labeller.js';
import { answer, type FromThread, type ToThread } from './protocol.js';

/** Entry of a worker thread. A model that can't be loaded ends the thread. */
const { modelDir, signals } = workerData as { readonly modelDir: string; readonly signals: Signals };
const labeller = await loadLabeller(modelDir, guardOf(signals));
const post = (message: FromThread): void => parentPort?.postMessage(message);

parentPort?.on('message', (batch: ToThread) => {
  // A batch that fails as a whole ends the thread: the pool rejects it and starts another.
  void answer(labeller, batch).then(post);
});
post({ kind: 'ready' });
