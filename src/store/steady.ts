import { setTimeout as sleep } from 'node:timers/promises';

const NETWORK = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoPoolClearedError',
]);
const SOCKET = new Set(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ENOENT']);

/** Did the connection fail, rather than the operation? Then nobody knows whether it was done. */
export function isConnectionFailure(error: unknown): boolean {
  for (
    let e = error as { name?: string; code?: string; message?: string; cause?: unknown } | undefined;
    e;
    e = e.cause as typeof e
  ) {
    if (NETWORK.has(e.name ?? '') || SOCKET.has(e.code ?? '')) return true;
    if (/\b(EPIPE|ECONNRESET|ECONNREFUSED)\b/.test(e.message ?? '')) return true; // plain Error: write EPIPE
  }
  return false;
}

/**
 * Runs an idempotent operation again while the connection to MongoDB fails: an engine that was killed comes back
 * within a second or two, and the driver retries nothing on a server without sessions. One operation, never a sequence.
 */
export async function steady<T>(operation: () => Promise<T>, patienceMs = 20_000): Promise<T> {
  const until = Date.now() + patienceMs;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
    try {
      return await operation();
    } catch (error) {
      if (!isConnectionFailure(error) || Date.now() + pause > until) throw error;
      await sleep(pause * (0.5 + Math.random() / 2));
    }
  }
}
