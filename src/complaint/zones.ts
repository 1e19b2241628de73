const DAY = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/** What clocks in `zone` show at `instant`, as if they were UTC (ms; whole seconds plus the instant's fraction). */
export function wallClock(instant: number, zone: string): number {
  const of: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(instant)) of[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = of;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1_000) + 1_000) % 1_000);
}

const offsetAt = (instant: number, zone: string): number => wallClock(instant, zone) - instant;

/**
 * The instant (ms) at which clocks in `zone` show `wall` (a wall-clock time written as if it were UTC).
 * A time that occurs twice (clocks set back) is its first occurrence. One that never occurs (clocks set forward)
 * is read with the offset from before the change: 02:30 in a gap of one hour is the instant of 03:30.
 * `zone` must be a valid IANA name; throws RangeError otherwise.
 */
export function instantOf(wall: number, zone: string): number {
  if (zone === 'UTC') return wall;
  // No offset is more than 15 h, so these two lie before and after any change that could matter to `wall`.
  const before = offsetAt(wall - DAY, zone);
  const after = offsetAt(wall + DAY, zone);
  if (before === after && offsetAt(wall - before, zone) === before) return wall - before;
  const fitting = [before, after].map((o) => wall - o).filter((t) => wallClock(t, zone) === wall);
  return fitting.length > 0 ? Math.min(...fitting) : wall - before;
}
