import { z } from 'zod';

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
const TEN_YEARS = 3_650 * UNITS.d;
export const DURATION_WORDS = 'a whole number with its unit, like 250ms, 10s, 5m, 72h or 7d';

/** `250ms`, `10s`, `5m`, `72h`, `7d` in milliseconds; undefined for anything else or more than ten years. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,12})(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const ms = Number(digits) * UNITS[unit as keyof typeof UNITS];
  return ms <= TEN_YEARS ? ms : undefined;
}

/** The shortest exact spelling, so that what was read is what is shown; days only from a week on (72h stays 72h). */
export function formatDuration(ms: number): string {
  const entries = Object.entries(UNITS).filter(([unit]) => unit !== 'd' || ms >= 7 * UNITS.d);
  const [unit, size] = entries.find(([, size]) => ms > 0 && ms % size === 0) ?? ['s', UNITS.s];
  return `${ms / size}${unit}`;
}

/** Text in, milliseconds out. `min` and `max` in ms. */
export const Duration = (min = 0, max = TEN_YEARS) =>
  z.string().transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= min && ms <= max) return ms;
    const range = ms === undefined ? '' : `, from ${formatDuration(min)} to ${formatDuration(max)}`;
    context.addIssue({ code: 'custom', message: `must be ${DURATION_WORDS}${range}` });
    return z.NEVER;
  });
