import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CONTEXT, read } from './context.js';

/** As a clock in Lagos (UTC+1) shows it. */
const began = (text: string) => {
  const { since } = read(text);
  if (!since) return undefined;
  const lagos = new Date(since.from.getTime() + 3_600_000).toISOString();
  return `${lagos.slice(0, since.precision === 'minute' ? 16 : 10)} ${since.precision}`;
};

describe('when it began', () => {
  it.each([
    ['no network since Monday', '2026-11-23 day'],
    ['since Wednesday', '2026-11-18 day'],
    ['down since 4am', '2026-11-25T04:00 minute'],
    ['down since 4pm', '2026-11-24T16:00 minute'],
    ['down since 3pm yesterday', '2026-11-24T15:00 minute'],
    ['since yesterday by 8:30pm', '2026-11-24 day'],
    ['bad for 3 days', '2026-11-22 day'],
    ['e don reach three days', '2026-11-22 day'],
    ['two weeks now', '2026-11-11 week'],
    ['for 6 hours', '2026-11-25T05:00 minute'],
    ['since last week Friday', '2026-11-20 day'],
    ['since last Friday', '2026-11-20 day'],
    ['since upper week', '2026-11-09 week'],
    ['since last month', '2026-10-01 month'],
    ['since January', '2026-01-01 month'],
    ['since December', '2025-12-01 month'],
    ['from 12/11', '2026-11-12 day'],
    ['from 12/12', '2025-12-12 day'],
    ['since 11/25', '2026-11-25 day'],
    ['since the 10th', '2026-11-10 day'],
    ['since the 31st', '2026-10-31 day'],
    ['since 15th of November 2026', '2026-11-15 day'],
    ['since Nov 15', '2026-11-15 day'],
    ['since morning', '2026-11-25 day'],
    ['since last night', '2026-11-24 day'],
    ['the day before yesterday', '2026-11-23 day'],
    ['babu network tun jiya', '2026-11-24 day'],
    ['tun ana', '2026-11-24 day'],
    ['tun da safe', '2026-11-25 day'],
    ['tun ranar litinin, kwana uku', '2026-11-22 day'],
    ['lati ana', '2026-11-24 day'],
    ['Láti Ọjọ́rú ni ó ti kú', '2026-11-18 day'],
    ['o ti di ọjọ́ méjì', '2026-11-23 day'],
    ['kemgbe ụnyaahụ', '2026-11-24 day'],
    ['ụbọchị atọ', '2026-11-22 day'],
  ])('%j: %s', (text, expected) => expect(began(text)).toBe(expected));

  it.each([
    'a plan of 2GB for 2 days',
    'valid for 30 days',
    'free for 3 months',
    'N100 a day',
    'it will come by Friday',
    'call me on Monday next week before 5pm on Friday',
    'within 24 hours',
    'open from Monday to Friday',
    'since 2019',
    'since you people came',
    'since 31/02',
    'since 99/99/9999',
    'today is my birthday',
  ])('not said: %j', (text) => expect(began(text)).toBeUndefined());

  it('is never after the message, whatever is said and whenever', () => {
    const word = fc.constantFrom(
      ...'since for from on last week monday friday yesterday morning night midnight 4am 11pm 23:59 3 two days weeks months 31 30th february november 12/11 2026 today the of'.split(
        ' ',
      ),
    );
    const when = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true });
    const zone = fc.constantFrom('Africa/Lagos', 'UTC', 'America/New_York', 'Pacific/Apia');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), when, zone, (words, occurredAt, zone) => {
        const { since } = read(words.join(' '), { occurredAt, zone });
        if (since) expect(since.from.getTime()).toBeLessThanOrEqual(occurredAt.getTime());
      }),
    );
  });

  it('goes by the clock of the zone', () => {
    const { since } = read('since yesterday', { occurredAt: CONTEXT.occurredAt, zone: 'America/New_York' });
    expect(since?.from.toISOString()).toBe('2026-11-24T05:00:00.000Z');
  });
});
