import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { read } from './context.js';

const SECOND = 1_000;

describe('whatever the text', () => {
  it('never fails, answers the same twice, and quotes only what is there', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        ...'since|for 3|days |in |Lagos|, |N5k|ticket |MTN |@|__proto__|\u200d|\u202e|😭|Ẹ̀|again |12/|www.|V.I'.split(
          '|',
        ),
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = pieces.join('');
        const found = read(text);
        expect(read(text)).toEqual(found);
        const said = [
          ...found.places,
          ...found.amounts,
          ...found.data,
          ...(found.since ? [found.since] : []),
        ];
        for (const entity of said) expect(text).toContain(entity.said);
      }),
    );
  });

  it.each([
    ['no spaces', 'a'.repeat(20_000)],
    ['one number', '1'.repeat(20_000)],
    ['groups of digits', '1,'.repeat(10_000)],
    ['short words', 'no '.repeat(6_000)],
    ['paid and paid', 'paid not '.repeat(2_200)],
    ['places', 'in Ikeja, '.repeat(2_000)],
    ['cues', 'ticket no '.repeat(2_000)],
    ['times', 'since 3 days '.repeat(1_500)],
    ['handles', '@mtn'.repeat(5_000)],
    ['apostrophes', "a'".repeat(10_000)],
    ['addresses', 'www.'.repeat(5_000)],
    ['marks', 'e\u0301\u0323'.repeat(6_000)],
  ])('%s of 20,000 characters take no time', (_, text) => {
    const start = process.cpuUsage();
    const { places } = read(text);
    const { user } = process.cpuUsage(start);
    expect(user / 1_000).toBeLessThan(SECOND);
    expect(places.length).toBeLessThanOrEqual(5);
  });

  it('has no since for a message without a valid time', () =>
    expect(read('since yesterday', { occurredAt: new Date(Number.NaN) }).since).toBeUndefined());
});
