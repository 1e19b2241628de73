import { instantOf, wallClock } from '../../complaint/zones.js';
import type { Since } from '../../complaint/entities.js';

export const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** A moment in the past as people say it, before it is counted back from now. */
export type Said =
  /** So many days before today; `weekday` picks a day of that week (0 Sunday). */
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'ago'; readonly n: number; readonly unit: 'minute' | 'hour' | 'day' | 'week' | 'month' }
  /** The last such day before today; `weeks`: of the week so many before this one. */
  | { readonly kind: 'weekday'; readonly day: number; readonly weeks?: number }
  | { readonly kind: 'week'; readonly weeks: number }
  /** First of the month so many before this one, or of the last month of that name (from 1). */
  | { readonly kind: 'month'; readonly back: number }
  | { readonly kind: 'named_month'; readonly month: number }
  /** Month from 1; without one the last such day of a month, without a year the last such date. */
  | { readonly kind: 'date'; readonly day: number; readonly month?: number; readonly year?: number }
  /** Minutes past midnight, of today or of `days` before; today's that is yet to come was yesterday's. */
  | { readonly kind: 'clock'; readonly minutes: number; readonly days?: number };

type Wall = { readonly at: number; readonly precision: Since['precision'] };

const midnight = (wall: number): number => Math.floor(wall / DAY) * DAY;
const UNITS = { minute: MINUTE, hour: HOUR, day: DAY, week: 7 * DAY } as const;

/** A date of the calendar as a wall clock, or undefined if there is none such (31 February). */
function dateAt(year: number, month: number, day: number): number | undefined {
  const wall = Date.UTC(year, month - 1, day);
  return new Date(wall).getUTCDate() === day && month >= 1 && month <= 12 ? wall : undefined;
}

/** The last month or year, from this one back, in which the date is there and not to come. */
function lastDate({ day, month, year }: Extract<Said, { kind: 'date' }>, today: number): number | undefined {
  const now = new Date(today);
  if (month !== undefined && year !== undefined) return dateAt(year, month, day);
  for (let back = 0; back < 12; back++) {
    const in_ =
      month === undefined
        ? new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1))
        : new Date(Date.UTC(now.getUTCFullYear() - back, month - 1, 1));
    const wall = dateAt(in_.getUTCFullYear(), in_.getUTCMonth() + 1, day);
    if (wall !== undefined && wall <= today) return wall;
  }
  return undefined;
}

function wallOf(said: Said, now: number): Wall | undefined {
  const today = midnight(now);
  const date = new Date(today);
  const monday = today - ((date.getUTCDay() + 6) % 7) * DAY;
  switch (said.kind) {
    case 'days':
      return { at: today - said.days * DAY, precision: 'day' };
    case 'ago': {
      if (said.unit === 'month') {
        const back = new Date(
          Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - said.n + 1, 0),
        ).getUTCDate();
        const day = Math.min(date.getUTCDate(), back);
        return { at: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - said.n, day), precision: 'month' };
      }
      const at = now - said.n * UNITS[said.unit];
      return said.unit === 'minute' || said.unit === 'hour'
        ? { at, precision: 'minute' }
        : { at: midnight(at), precision: said.unit };
    }
    case 'weekday': {
      if (said.weeks !== undefined) {
        return { at: monday - said.weeks * 7 * DAY + ((said.day + 6) % 7) * DAY, precision: 'day' };
      }
      const back = (date.getUTCDay() - said.day + 7) % 7 || 7;
      return { at: today - back * DAY, precision: 'day' };
    }
    case 'week':
      return { at: monday - said.weeks * 7 * DAY, precision: 'week' };
    case 'month':
      return { at: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - said.back, 1), precision: 'month' };
    case 'named_month': {
      const year = date.getUTCFullYear() - (said.month > date.getUTCMonth() + 1 ? 1 : 0);
      return { at: Date.UTC(year, said.month - 1, 1), precision: 'month' };
    }
    case 'date': {
      const at = lastDate(said, today);
      return at === undefined ? undefined : { at, precision: 'day' };
    }
    case 'clock': {
      const at = today - (said.days ?? 0) * DAY + said.minutes * MINUTE;
      return { at: at > now && said.days === undefined ? at - DAY : at, precision: 'minute' };
    }
  }
}

/** Longest time that a complaint looks back; what is longer ago is another story (or a misread number). */
const FURTHEST = 800 * DAY;

/** The instant of what was said at `occurredAt` on clocks of `zone`; undefined if it would be later than that. */
export function momentOf(said: Said, occurredAt: Date, zone: string): Omit<Since, 'said'> | undefined {
  const now = occurredAt.getTime();
  const shown = wallClock(now, zone);
  const wall = wallOf(said, shown);
  if (wall === undefined || Number.isNaN(wall.at)) return undefined;
  // Clocks seldom change in between: then the offset of now does, at a third of the work.
  const near = wall.at - shown + now;
  const at = wallClock(near, zone) === wall.at ? near : instantOf(wall.at, zone);
  if (at > now || at < now - FURTHEST) return undefined;
  return { from: new Date(at), precision: wall.precision };
}
