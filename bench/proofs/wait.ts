import { setTimeout as sleep } from 'node:timers/promises';
import { RedressError } from '../../src/complaint/errors.js';

export type Limits = {
  /** Nothing changed for this long: nothing will. */
  readonly stallMs: number;
  readonly totalMs: number;
  readonly everyMs: number;
};

/** What a look found: done, or a short text of the state; a text that stays the same is a standstill. */
export type Look = { readonly done: boolean; readonly state: string };

/**
 * Looks again and again until it is done. Throws with the last state when nothing changes or the time is up; `logs` is
 * where the reader should look.
 */
export async function until(
  what: string,
  look: () => Promise<Look>,
  { stallMs, totalMs, everyMs }: Limits,
  logs: string,
): Promise<void> {
  const begun = Date.now();
  let changed = begun;
  let last = '';
  for (;;) {
    const { done, state } = await look();
    if (done) return;
    const now = Date.now();
    if (state !== last) {
      changed = now;
      last = state;
    }
    const why =
      now - changed > stallMs
        ? `nothing changed for ${Math.round(stallMs / 1_000)} s`
        : now - begun > totalMs
          ? `${Math.round(totalMs / 1_000)} s are over`
          : undefined;
    if (why)
      throw new RedressError(
        'proof',
        'not_reached',
        `Expected: ${what}. Found: ${state}; ${why}.`,
        `Logs: ${logs}`,
      );
    await sleep(everyMs);
  }
}
