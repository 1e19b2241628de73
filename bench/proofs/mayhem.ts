import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../stand-ins/slack/index.js';
import { RedressError } from '../../src/complaint/errors.js';
import type { View } from './facts.js';
import { isDue, type Moment, type Shares, textOf } from './moments.js';
import { between, type Random } from './random.js';
import type { Site } from './site.js';
import { stopwatch } from './stopwatch.js';

/** How much an undisturbed run has of each, in the end. */
export type Totals = { readonly records: number; readonly deliveries: number };

export type Killed = Moment & {
  /** Seconds after the first moment was waited for. */
  readonly seconds: number;
  /** What was done when it was killed. */
  readonly shares: Shares;
};

const LOOK_MS = 15;
/** Longest wait for the next moment: past it the work stands still. */
const STALL_MS = 150_000;
const post = 'chat.postMessage';

/** Slack's ways of failing: with the work done, without, and with a wait. */
const FAULTS: readonly Fault[] = [
  { kind: 'drop', method: post },
  { kind: 'http', status: 500, method: post },
  { kind: 'fail_after', method: post },
  { kind: 'rate_limited', retryAfter: '1', method: post },
  { kind: 'reset', method: post },
  { kind: 'drop', method: 'conversations.history' },
];

/** Every kind of fault once, in an order that is drawn, with calls that go well between them. */
export function faultsOf(random: Random): Fault[] {
  return FAULTS.map((fault) => ({ fault, order: random() }))
    .sort((a, b) => a.order - b.order)
    .flatMap(({ fault }) => {
      const calm = Math.floor(between(random, 0, 4));
      return calm > 0 ? [{ kind: 'ok' as const, method: post, times: calm }, fault] : [fault];
    });
}

export async function sharesOf(view: View, { records, deliveries }: Totals): Promise<Shares> {
  const { staged, received, delivered } = await view.progress();
  return {
    import: staged / records,
    transform: (staged - received) / records,
    delivery: deliveries === 0 ? 1 : delivered / deliveries,
  };
}

/** Kills at each moment, one after the other; what was killed is up again before the next one comes. */
export async function killAt(
  moments: readonly Moment[],
  site: Site,
  view: View,
  options: { totals: Totals; random: Random; say: (line: string) => void; signal: AbortSignal },
): Promise<Killed[]> {
  const { totals, random, say, signal } = options;
  const watch = stopwatch();
  const killed: Killed[] = [];
  const left = [...moments];
  let since = Date.now();
  while (left.length > 0 && !signal.aborted) {
    site.mustRun();
    const shares = await sharesOf(view, totals);
    const at = left.findIndex((m) => isDue(m, shares));
    const moment = left[at];
    if (!moment) {
      if (Date.now() - since > STALL_MS)
        throw new RedressError(
          'proof',
          'no_moment',
          `Expected: ${left.map(textOf).join(', ')}. Found: ${shown(shares)}, for ${STALL_MS / 1_000} s.`,
          `Logs: ${site.folder}`,
        );
      await sleep(LOOK_MS);
      continue;
    }
    if (await strike(moment, site)) {
      left.splice(at, 1);
      since = Date.now();
      killed.push({ ...moment, seconds: watch(), shares });
      say(`killed ${textOf(moment)}; done: ${shown(shares)}`);
      if (moment.phase === 'delivery' || random() < 0.3) await site.slack.script(...faultsOf(random));
      if (moment.victim === 'service') await site.start();
    } else await sleep(100);
  }
  return killed;
}

/** False if there was nothing to kill: an engine that is being respawned. */
async function strike({ victim }: Moment, site: Site): Promise<boolean> {
  if (victim !== 'service') return site.killEngine(victim);
  await site.kill();
  return true;
}

const shown = (shares: Shares): string =>
  Object.entries(shares)
    .map(([phase, share]) => `${phase} ${(share * 100).toFixed(1)} %`)
    .join(', ');
