import { setTimeout as sleep } from 'node:timers/promises';

const NETWORK = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoPoolClearedError',
  // A connection that stood still was given up and made anew (see connect.ts): nobody knows what became of its work.
  'MongoPoolClosedError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoClientClosedError',
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

/** A try that takes longer counts as a failed connection; ms. */
const TRY_MS = 15_000;

/** The driver can wait for ever on a socket that died while it was being written to: no option of its own bounds that. */
async function bounded<T>(operation: () => Promise<T>, ms: number): Promise<T> {
  const over = new AbortController();
  const late = sleep(ms, undefined, { signal: over.signal }).then(() => {
    throw Object.assign(new Error(`no answer from MongoDB in ${ms} ms`), {
      name: 'MongoNetworkTimeoutError',
    });
  });
  try {
    return await Promise.race([operation(), late]);
  } finally {
    late.catch(() => {});
    over.abort();
  }
}

/**
 * Runs an idempotent operation again while the connection to MongoDB fails: an engine that was killed comes back
 * within a second or two, and the driver retries nothing on a server without sessions. One operation, never a sequence.
 * `tryMs` bounds each try; long aggregations ask for more.
 */
export async function steady<T>(
  operation: () => Promise<T>,
  patienceMs = 20_000,
  tryMs = TRY_MS,
): Promise<T> {
  const until = Date.now() + patienceMs;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
    try {
      return await bounded(operation, tryMs);
    } catch (error) {
      if (!isConnectionFailure(error) || Date.now() + pause > until) throw error;
      await sleep(pause * (0.5 + Math.random() / 2));
    }
  }
}
