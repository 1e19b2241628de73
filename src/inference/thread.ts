import { parentPort, workerData } from 'node:worker_threads';
import { loadBaseline } from './baseline.js';
import { answer, type FromThread, type ToThread } from './protocol.js';

/** Entry of a worker thread; `workerData` is `{ modelDir }`. A model that can't be loaded ends the thread. */
const { classify } = await loadBaseline((workerData as { modelDir: string }).modelDir);
const post = (message: FromThread): void => parentPort?.postMessage(message);

parentPort?.on('message', (batch: ToThread) => post(answer(classify, batch)));
post({ kind: 'ready' });
