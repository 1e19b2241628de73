import { describe, expect, it } from '@jest/globals';
import type { EngineProcess, Exit } from '../../../src/store/embedded/engine-process.js';
import {
  type Clock,
  type EngineEvent,
  GIVE_UP_AFTER,
  respawnDelay,
  supervise,
} from '../../../src/store/embedded/supervisor.js';

/** An engine made of promises. `ends`: dies by itself as soon as it is there. `obeys`: closes when asked. */
function life(pid: number, options: { ends?: string; fails?: boolean; obeys?: boolean } = {}) {
  const { ends, fails = false, obeys = true } = options;
  let exit: (exit: Exit) => void = () => {};
  const exited = new Promise<Exit>((resolve) => {
    exit = resolve;
  });
  const ready = fails ? Promise.reject(new Error('did not start')) : Promise.resolve();
  ready.catch(() => {});
  if (ends !== undefined) exit({ clean: false, detail: ends });
  return {
    pid,
    ready,
    exited,
    close: () => obeys && exit({ clean: true, detail: 'exit code 0' }),
    kill: () => exit({ clean: false, detail: 'SIGKILL' }),
    die: (detail: string) => exit({ clean: false, detail }),
  };
}

/** Time passes only in delays; `endless`: a delay ends only by its signal. */
function fakeClock(endless = false) {
  const delays: number[] = [];
  let now = 0;
  const clock: Clock & { delays: number[]; pass(ms: number): void } = {
    delays,
    now: () => now,
    pass: (ms) => {
      now += ms;
    },
    delay: async (ms, signal) => {
      delays.push(ms);
      now += ms;
      if (endless && !signal.aborted)
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  };
  return clock;
}

/** Collects events and lets a test wait for the n-th of a kind. */
function log() {
  const events: EngineEvent[] = [];
  const waiting = new Set<() => void>();
  return {
    events,
    onEvent: (event: EngineEvent) => {
      events.push(event);
      for (const look of waiting) look();
    },
    until: (kind: EngineEvent['event'], times = 1) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (events.filter((e) => e.event === kind).length >= times) resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

describe('respawnDelay', () => {
  it('is none at first, then doubles up to half a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100].map(respawnDelay)).toEqual([
      0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });
});

describe('supervise', () => {
  it('tells the death and the next life, and hands every life on', async () => {
    const seen: (number | undefined)[] = [];
    const { events, onEvent, until } = log();
    const first = life(1);
    const hooks = {
      spawn: () => life(2),
      onLife: (l: EngineProcess | undefined) => seen.push(l?.pid),
      onEvent,
    };
    const supervised = supervise<EngineProcess>('redis', first, hooks, fakeClock());
    first.die('SIGSEGV');
    await until('respawned');
    expect(supervised.current().pid).toBe(2);
    expect(await supervised.stop(1_000)).toEqual({ clean: true, detail: 'exit code 0' });
    expect(seen).toEqual([undefined, 2, undefined]);
    expect(events.map((e) => [e.event, e.pid, e.detail])).toEqual([
      ['exited', 1, 'SIGSEGV'],
      ['respawned', 2, expect.anything()],
      ['exited', 2, 'exit code 0'],
    ]);
  });

  it('backs off, says once that it gave up, and comes back when the cause is gone', async () => {
    const { events, onEvent, until } = log();
    const clock = fakeClock();
    const bad = GIVE_UP_AFTER + 2;
    let pid = 1;
    const spawn = (): EngineProcess => {
      pid++;
      if (pid % 3 === 0) throw new Error('no room to spawn');
      return life(pid, pid <= bad ? { fails: true } : {});
    };
    const supervised = supervise<EngineProcess>(
      'mongodb',
      life(1, { ends: 'SIGABRT' }),
      { spawn, onLife: () => {}, onEvent },
      clock,
    );
    await until('respawned');
    expect(events.filter((e) => e.event === 'gave_up')).toHaveLength(1);
    expect(events.filter((e) => e.event === 'exited').map((e) => e.detail)).toContain('no room to spawn');
    expect(clock.delays.slice(0, 9)).toEqual([0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
    await supervised.stop(1_000);
  });

  it('takes an engine that lived for a minute as sound again', async () => {
    const { onEvent, until } = log();
    const clock = fakeClock();
    const lives = [life(1), life(2), life(3)] as const;
    const spawned = lives.slice(1).values();
    const supervised = supervise<EngineProcess>(
      'mongodb',
      lives[0],
      { spawn: () => spawned.next().value ?? life(9), onLife: () => {}, onEvent },
      clock,
    );
    lives[0].die('SIGABRT');
    await until('respawned', 1);
    clock.pass(60_000);
    lives[1].die('SIGABRT');
    await until('respawned', 2);
    lives[2].die('SIGABRT');
    await until('respawned', 3);
    expect(clock.delays).toEqual([0, 0, 250]);
    await supervised.stop(1_000);
  });

  it('can be stopped while it waits to respawn: nothing is spawned any more', async () => {
    const { events, onEvent, until } = log();
    let spawns = 0;
    const spawn = () => {
      spawns++;
      return life(2);
    };
    const supervised = supervise<EngineProcess>(
      'redis',
      life(1, { ends: 'SIGKILL' }),
      { spawn, onLife: () => {}, onEvent },
      fakeClock(true),
    );
    await until('exited');
    await supervised.stop(1_000);
    expect(spawns).toBe(0);
    expect(events).toHaveLength(1);
  });

  it('kills what does not close, and stops once', async () => {
    const supervised = supervise<EngineProcess>(
      'redis',
      life(1, { obeys: false }),
      { spawn: () => life(2), onLife: () => {}, onEvent: () => {} },
      fakeClock(),
    );
    const stopped = supervised.stop(1);
    expect(supervised.stop(1)).toBe(stopped);
    expect(await stopped).toEqual({ clean: false, detail: 'SIGKILL' });
  });
});
