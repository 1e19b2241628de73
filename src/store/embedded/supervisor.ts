import { setTimeout as timer } from 'node:timers/promises';
import type { EngineName, EngineProcess, Exit } from './engine-process.js';

export type EngineEvent = {
  engine: EngineName;
  event: 'started' | 'exited' | 'respawned' | 'gave_up';
  detail: string;
  pid?: number;
};

/** An engine that lived this long counts as sound: its next death is a first one again. */
const SOUND_AFTER_MS = 60_000;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;
/** With this many deaths in a row `gave_up` is told, once; trying goes on at the longest delay. */
export const GIVE_UP_AFTER = 8;

/** Wait before the n-th respawn in a row (n from 1), ms: 0, 250, 500, ... 16,000, then 30,000 for ever. */
export function respawnDelay(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (deaths - 2));
}

export type Clock = {
  /** Monotonic, ms. */
  now(): number;
  /** Resolves early, without an error, when the signal fires. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  now: () => performance.now(),
  delay: (ms, signal) => timer(ms, undefined, { signal }).catch(() => {}),
};

export type Supervised<P extends EngineProcess> = {
  /** The current life, or the last one. */
  current(): P;
  /** Ends supervision and the engine: asks, waits, kills at the limit. Idempotent. */
  stop(limitMs: number): Promise<Exit>;
};

/**
 * Keeps an engine alive from its first readiness on. Giving up is only a word: the store may come back (a full disk
 * was freed), and until then the product answers 503, which is better than a process that died.
 * `spawn` makes the next life; `onLife` is told each one, ready or not, and each death (with undefined).
 */
export function supervise<P extends EngineProcess>(
  engine: EngineName,
  first: P,
  hooks: { spawn(): P; onLife(life: P | undefined): void; onEvent(event: EngineEvent): void },
  clock: Clock = systemClock,
): Supervised<P> {
  const stopping = new AbortController();
  let life = first;
  let stopped: Promise<Exit> | undefined;

  async function watch() {
    let readyAt = clock.now();
    let deaths = 0;
    for (;;) {
      const exit = await life.exited;
      tell('exited', exit.detail, life.pid);
      hooks.onLife(undefined);
      if (stopping.signal.aborted) return;
      deaths = clock.now() - readyAt >= SOUND_AFTER_MS ? 1 : deaths + 1;
      if (deaths === GIVE_UP_AFTER)
        tell(
          'gave_up',
          `ended ${deaths} times in a row; tried again every ${LONGEST_DELAY_MS / 1000} s until it stays up`,
        );
      await clock.delay(respawnDelay(deaths), stopping.signal);
      if (stopping.signal.aborted) return;
      readyAt = await respawn();
    }
  }

  /** When the new life became ready; if it never did, now, and its `exited` says why the loop goes on. */
  async function respawn(): Promise<number> {
    try {
      life = hooks.spawn();
    } catch (error) {
      life = stillborn(error);
      return clock.now();
    }
    hooks.onLife(life);
    try {
      await life.ready;
      tell('respawned', `answers again`, life.pid);
    } catch {
      life.kill();
    }
    return clock.now();
  }

  /** A life that could not even be spawned. */
  const stillborn = (error: unknown): P => ({
    ...first,
    pid: undefined,
    ready: Promise.resolve(),
    exited: Promise.resolve({ clean: false, detail: (error as Error).message }),
    close: () => {},
    kill: () => {},
  });

  function tell(event: EngineEvent['event'], detail: string, pid?: number) {
    hooks.onEvent({ engine, event, detail, ...(pid === undefined ? {} : { pid }) });
  }

  const watching = watch();
  return {
    current: () => life,
    stop(limitMs) {
      stopped ??= (async () => {
        stopping.abort();
        life.close();
        const limit = setTimeout(() => life.kill(), limitMs);
        const exit = await life.exited;
        clearTimeout(limit);
        await watching;
        return exit;
      })();
      return stopped;
    },
  };
}
