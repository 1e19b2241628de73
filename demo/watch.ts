import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../src/main.js';
import type { Screen } from './screen.js';

export type Standing = {
  /** Accepted and not transformed yet. */
  readonly waiting: number;
  readonly deliveries: number;
  readonly delivered: number;
  /** Neither delivered nor ever going to be without a person. */
  readonly dead: number;
};

const LOOK_EVERY_MS = 250;
/** Nothing at all happened for so long: it will not get better by waiting. */
const STUCK_MS = 60_000;

export async function standing({ service }: Pick<Running, 'service'>): Promise<Standing> {
  const waiting = await service.staging.waitingCount();
  const by = await service.deliveries.countByState();
  const all = Object.values(by).reduce((a, b) => a + b, 0);
  return { waiting, deliveries: all, delivered: by.delivered ?? 0, dead: by.dead ?? 0 };
}

const isSettled = (s: Standing): boolean => s.waiting === 0 && s.delivered + s.dead === s.deliveries;

/**
 * Shows how far everything is until `playing` is over and nothing is on its way. Resolves to false if it got stuck:
 * the report then says what is missing.
 */
export async function watch(options: {
  readonly running: Running;
  readonly screen: Screen;
  readonly playing: Promise<unknown>;
  /** What was taken in so far, in words. */
  readonly taken: () => string;
  readonly messages: () => number;
  readonly signal: AbortSignal;
}): Promise<boolean> {
  const { running, screen, signal } = options;
  let playing = true;
  void options.playing.then(
    () => (playing = false),
    () => (playing = false),
  );
  const begun = performance.now();
  let last = '';
  let changed = begun;
  for (;;) {
    const over = !playing; // before the counts: what was taken in after them is counted at the next look
    const now = await standing(running);
    const seconds = `${Math.round((performance.now() - begun) / 1_000)} s`;
    const text = `${options.taken()} · ${now.waiting} to label · ${options.messages()} on Slack · ${now.delivered} of ${now.deliveries} deliveries`;
    if (text !== last) {
      last = text;
      changed = performance.now();
    }
    if (over && isSettled(now)) {
      screen.settled(`${text} · ${seconds}`);
      return true;
    }
    if (performance.now() - changed > STUCK_MS) {
      screen.settled(`${text} · nothing moved for ${STUCK_MS / 1_000} s`);
      return false;
    }
    screen.progress(`${text} · ${seconds}`);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
