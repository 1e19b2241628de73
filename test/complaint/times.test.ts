import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatProblem, parseMoment } from '../../src/complaint/times.js';
import { instantOf, wallClock } from '../../src/complaint/zones.js';

const read = (text: string, format: string | string[], zone = 'UTC') => {
  const moment = parseMoment(text, { format, zone });
  return moment.ok ? moment.at.toISOString() : moment.reason;
};

describe('declared formats', () => {
  it.each([
    ['22-04-15 3:53:50 PM', 'DD-MM-YY h:mm:ss A', 'America/New_York', '2015-04-22T19:53:50.000Z'],
    ['22-04-15 12:00:00 AM', 'DD-MM-YY h:mm:ss A', 'UTC', '2015-04-22T00:00:00.000Z'],
    ['22-04-15 12:00 pm', 'DD-MM-YY hh:mm A', 'UTC', '2015-04-22T12:00:00.000Z'],
    ['22-04-15 3:53\u202fPM', 'DD-MM-YY h:mm A', 'UTC', '2015-04-22T15:53:00.000Z'],
    ['5.Mar.2026', 'D.MMM.YYYY', 'Africa/Lagos', '2026-03-04T23:00:00.000Z'],
    ['20260305 0704', 'YYYYMMDD HHmm', 'UTC', '2026-03-05T07:04:00.000Z'],
    [
      '2026-03-05T07:04:01.250+0530',
      'YYYY-MM-DD[T]HH:mm:ss.SSSZ',
      'Africa/Lagos',
      '2026-03-05T01:34:01.250Z',
    ],
    ['on 1/2/2026 at 9', '[on] D/M/YYYY [at] H', 'UTC', '2026-02-01T09:00:00.000Z'],
    ['01-01-69', 'DD-MM-YY', 'UTC', '2069-01-01T00:00:00.000Z'],
    ['01-01-70', 'DD-MM-YY', 'UTC', '1970-01-01T00:00:00.000Z'],
    ['29-02-24', 'DD-MM-YY', 'UTC', '2024-02-29T00:00:00.000Z'],
  ])('%s as %s in %s', (text, format, zone, expected) => {
    expect(read(text, format, zone)).toBe(expected);
  });

  it.each([
    ['', 'DD-MM-YY', 'empty'],
    ['  ', 'iso', 'empty'],
    ['22/04/15', 'DD-MM-YY', 'no_fit'],
    ['22-04-2015', 'DD-MM-YY', 'no_fit'],
    ['22-04-15 x', 'DD-MM-YY', 'no_fit'],
    ['22.04.15', 'DD-MM-YY', 'no_fit'],
    ['٢٢-٠٤-١٥', 'DD-MM-YY', 'no_fit'],
    ['13:00 PM 22-04-15', 'h:mm A DD-MM-YY', 'no_fit'],
    ['0:30 AM 22-04-15', 'h:mm A DD-MM-YY', 'no_fit'],
    ['04-22-15', 'DD-MM-YY', 'no_such_time'],
    ['29-02-23', 'DD-MM-YY', 'no_such_time'],
    ['00-01-23', 'DD-MM-YY', 'no_such_time'],
    ['01-01-23 24:00', 'DD-MM-YY HH:mm', 'no_such_time'],
    ['0000-01-01', 'iso', 'no_such_time'],
    ['2026-01-01T00:00:60Z', 'iso', 'no_such_time'],
    ['x'.repeat(100_000), 'iso', 'no_fit'],
  ])('refuses %.30j as %s: %s', (text, format, reason) => {
    expect(read(text, format)).toBe(reason);
  });

  it('tries a list in order and takes the first that fits', () => {
    const both = ['MM-DD-YY', 'DD-MM-YY'];
    expect(read('04-08-15', both)).toBe('2015-04-08T00:00:00.000Z');
    expect(read('22-04-15', both)).toBe('2015-04-22T00:00:00.000Z');
    expect(read('31-31-15', both)).toBe('no_such_time');
  });

  it('iso takes a day, a space or T, fractions, and the zone where no offset stands', () => {
    expect(read('2026-11-25', 'iso', 'Africa/Lagos')).toBe('2026-11-24T23:00:00.000Z');
    expect(read('2026-11-25 09:30', 'iso', 'Africa/Lagos')).toBe('2026-11-25T08:30:00.000Z');
    expect(read('2020-04-21 06:11:55+00:00', 'iso', 'Africa/Lagos')).toBe('2020-04-21T06:11:55.000Z');
    expect(read('2026-11-25t09:30:00.1234567z', 'iso', 'Africa/Lagos')).toBe('2026-11-25T09:30:00.123Z');
  });

  it.each([
    ['DD-MM', 'year'],
    ['dd-mm-yyyy', 'Did you mean "DD"?'],
    ['YYYY-MM-DDTHH:mm', '[brackets]'],
    ['DMYYYY', 'between D and M'],
    ['YYYY-MM-DD h:mm', 'together with A'],
    ['YYYY-MM-DD HH:mm A', 'together with A'],
    ['YYYY-MM-DD mm', 'none for the hour'],
    ['YYYY YY-MM-DD', 'more than one token for the year'],
    ['', 'year'],
  ])('a wrong format is told: %j', (format, words) => {
    expect(formatProblem(format)).toContain(words);
    expect(() => read('x', format)).toThrow(RangeError);
  });
});

describe('plain numbers', () => {
  it.each([
    ['100000000', 'epoch_s', '1973-03-03T09:46:40.000Z'],
    ['1709164800', 'epoch_s', '2024-02-29T00:00:00.000Z'],
    ['7258118399.999', 'epoch_s', '2199-12-31T23:59:59.999Z'],
    ['1764057600123', 'epoch_ms', '2025-11-25T08:00:00.123Z'],
    ['61', 'excel', '1900-03-01T00:00:00.000Z'],
    ['45351', 'excel', '2024-02-29T00:00:00.000Z'],
    ['45986.375', 'excel', '2025-11-25T09:00:00.000Z'],
    ['109574', 'excel', '2199-12-31T00:00:00.000Z'],
  ])('%s as %s', (text, format, expected) => {
    expect(read(text, format)).toBe(expected);
  });

  it('counts seconds alike everywhere, and reads a day number on the clock of the zone', () => {
    // 8 March 2026: clocks in New York are set forward from 02:00 to 03:00.
    expect(read('1772953200', 'epoch_s', 'America/New_York')).toBe('2026-03-08T07:00:00.000Z');
    expect(read('46089.0625', 'excel', 'America/New_York')).toBe('2026-03-08T06:30:00.000Z');
    expect(read('46089.125', 'excel', 'America/New_York')).toBe('2026-03-08T07:00:00.000Z');
  });

  it.each([
    ...['0', '-1', '-1764057600', '99999999', '1764057600123', '7258118400', '9'.repeat(20)].map((t) => [
      t,
      'epoch_s',
    ]),
    ...['0', '-1', '1764057600', '8640000000000001', '9'.repeat(20)].map((t) => [t, 'epoch_ms']),
    ...['0', '1', '59', '60', '0.375', '-2', '109575', '1764057600', '9'.repeat(20)].map((t) => [t, 'excel']),
  ])('%s as %s is no time', (text, format) => {
    expect(read(text as string, format as string)).toBe('no_such_time');
  });

  it.each(['1e9', '1,764,057,600', '0x10', 'NaN', 'Infinity', '1.', '.5', '9'.repeat(21), '2025-11-25', 'x'])(
    '%s is no number of time',
    (text) => {
      for (const format of ['epoch_s', 'epoch_ms', 'excel']) expect(read(text, format)).toBe('no_fit');
    },
  );

  it('stand alone, not within a pattern', () => {
    expect(formatProblem('excel')).toBeUndefined();
    expect(formatProblem('epoch_s HH:mm')).toContain('Alone stand: iso epoch_s epoch_ms excel');
  });
});

describe('clock changes', () => {
  it('takes the first of two, and reads a skipped time with the offset from before', () => {
    expect(read('2026-11-01 01:30', 'iso', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z');
    expect(read('2026-03-08 02:30', 'iso', 'America/New_York')).toBe('2026-03-08T07:30:00.000Z');
    expect(read('2026-03-08 01:59', 'iso', 'America/New_York')).toBe('2026-03-08T06:59:00.000Z');
    expect(read('2026-03-08 03:00', 'iso', 'America/New_York')).toBe('2026-03-08T07:00:00.000Z');
    expect(read('2026-04-05 01:45', 'iso', 'Australia/Lord_Howe')).toBe('2026-04-04T14:45:00.000Z');
  });

  it('survives a day that a country skipped', () => {
    expect(read('2011-12-30 12:00', 'iso', 'Pacific/Apia')).toBe('2011-12-30T22:00:00.000Z');
    expect(read('2011-12-31 00:00', 'iso', 'Pacific/Apia')).toBe('2011-12-30T10:00:00.000Z');
  });
});

describe('round trips', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Africa/Lagos',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Africa/Casablanca',
    'Pacific/Apia',
  );
  const instants = fc
    .integer({ min: Date.UTC(1971, 0), max: Date.UTC(2069, 11, 31) })
    .map((ms) => ms - (ms % 1000));
  const near = fc.integer({ min: -40, max: 40 }).map((q) => Date.UTC(2026, 10, 1, 6) + q * 900_000);

  it('an instant comes back from its wall clock, or the earlier one that shows the same', () => {
    fc.assert(
      fc.property(fc.oneof(instants, near), zones, (instant, zone) => {
        const wall = wallClock(instant, zone);
        const back = instantOf(wall, zone);
        expect(wallClock(back, zone)).toBe(wall);
        expect(back).toBeLessThanOrEqual(instant);
        expect(instant - back).toBeLessThanOrEqual(24 * 3_600_000);
      }),
    );
  });

  it('what a format writes it reads', () => {
    const pad = (n: number, size = 2) => String(n).padStart(size, '0');
    const write = (wall: Date): Record<string, string> => {
      const [y, m, d, h] = [
        wall.getUTCFullYear(),
        wall.getUTCMonth() + 1,
        wall.getUTCDate(),
        wall.getUTCHours(),
      ];
      const rest = `${pad(wall.getUTCMinutes())}:${pad(wall.getUTCSeconds())}`;
      const half = h < 12 ? 'AM' : 'PM';
      return {
        'DD/MM/YYYY HH:mm:ss': `${pad(d)}/${pad(m)}/${y} ${pad(h)}:${rest}`,
        'M/D/YY h:mm:ss A': `${m}/${d}/${pad(y % 100)} ${h % 12 || 12}:${rest} ${half}`,
        'D.M.YYYY H:mm:ss': `${d}.${m}.${y} ${h}:${rest}`,
        iso: `${y}-${pad(m)}-${pad(d)}T${pad(h)}:${rest}`,
      };
    };
    fc.assert(
      fc.property(instants, (instant) => {
        for (const [format, text] of Object.entries(write(new Date(instant)))) {
          expect(read(text, format)).toBe(new Date(instant).toISOString());
        }
      }),
    );
  });

  it('no text makes it throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('iso', 'DD-MM-YY', 'D/M/YYYY h:mm A'),
        (text, format) => {
          const moment = parseMoment(text, { format, zone: 'Africa/Lagos' });
          return !moment.ok || Number.isFinite(moment.at.getTime());
        },
      ),
    );
  });
});
