import { parentPort, workerData } from 'node:worker_threads';
import { loadLabeller } from './labeller.js';
import { answer, type FromThread, type ToThread } from './protocol.js';

/** Entry of a worker thread; `workerData` is `{ modelDir }`. A model that can't be loaded ends the thread. */
const labeller = await loadLabeller((workerData as { modelDir: string }).modelDir);
const post = (message: FromThread): void => parentPort?.postMessage(message);

parentPort?.on('message', (batch: ToThread) => {
  // A batch that fails as a whole ends the thread: the pool rejects it and starts another.
  void answer(labeller, batch).then(post);
});
post({ kind: 'ready' });
