import { between, type Random } from './random.js';

export type Victim = 'service' | 'mongodb' | 'redis';
/** Where the work is when something is killed: `at` is the share of that phase that is done. */
export type Moment = {
  readonly victim: Victim;
  readonly phase: 'import' | 'transform' | 'delivery';
  readonly at: number;
};

export const PHASES = ['import', 'transform', 'delivery'] as const;

/** What share of each phase is done, 0 to 1. */
export type Shares = Readonly<Record<Moment['phase'], number>>;

/**
 * Random moments, the same for the same numbers: each victim's kills are spread over the phases, beginning with a
 * phase that is drawn. In the order in which they come.
 */
export function momentsOf(kills: Readonly<Record<Victim, number>>, random: Random): Moment[] {
  const moments = (['service', 'mongodb', 'redis'] as const).flatMap((victim) => {
    const first = Math.floor(random() * PHASES.length);
    return Array.from(
      { length: kills[victim] },
      (_, i): Moment => ({
        victim,
        phase: PHASES[(first + i) % PHASES.length] as Moment['phase'],
        at: Math.round(between(random, 0.02, 0.9) * 1_000) / 1_000,
      }),
    );
  });
  return moments.sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) || a.at - b.at);
}

export const isDue = (moment: Moment, shares: Shares): boolean => shares[moment.phase] >= moment.at;

export const textOf = ({ victim, phase, at }: Moment): string =>
  `${victim} at ${(at * 100).toFixed(1)} % of the ${phase}`;
