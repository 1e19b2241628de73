import type { MongoClient } from 'mongodb';

/** A monitor says something every ten seconds; silent for this long, it hangs. ms. */
const SILENT_MS = 25_000;
/** An operation under way since before an outage, and longer than this, waits on a dead socket. ms. */
const STUCK_MS = 60_000;
const LOOK_EVERY_MS = 5_000;

export type Watchdog = { stop(): void };

/**
 * Makes the client's connections anew when they stand still. The driver, when its socket dies in the middle of a
 * write, can wait for ever for that socket to drain: an operation then never ends, and if it was the monitor's, the
 * server stays unknown although it is back. Operations under way fail then as with any lost connection.
 */
export function watchConnections(
  client: MongoClient,
  { now = Date.now, lookEveryMs = LOOK_EVERY_MS }: { now?: () => number; lookEveryMs?: number } = {},
): Watchdog {
  const out = new Map<number | '<monitor>', number>();
  let heard = now();
  let lastOutage = Number.NEGATIVE_INFINITY;
  let healing = false;
  let stopped = false;
  client.on('serverHeartbeatSucceeded', () => {
    heard = now();
  });
  client.on('serverHeartbeatFailed', () => {
    heard = now();
    lastOutage = now();
  });
  client.on('connectionPoolCleared', () => {
    lastOutage = now();
  });
  client.on('connectionCheckedOut', (event) => void out.set(event.connectionId, now()));
  client.on('connectionCheckedIn', (event) => void out.delete(event.connectionId));
  client.on('connectionClosed', (event) => void out.delete(event.connectionId));

  const isStuck = (since: number) => since < lastOutage && now() - since > STUCK_MS;

  async function heal(): Promise<void> {
    healing = true;
    try {
      await client.close();
      out.clear();
      if (!stopped) await client.connect();
    } catch {
      // Not back yet; the next look tries again.
    } finally {
      heard = now();
      healing = false;
    }
  }

  const timer = setInterval(() => {
    if (healing) return;
    if (now() - heard > SILENT_MS || [...out.values()].some(isStuck)) void heal();
  }, lookEveryMs);
  timer.unref();
  return {
    stop() {
      stopped = true; // whoever stops it closes the client: it must not come back
      clearInterval(timer);
    },
  };
}
