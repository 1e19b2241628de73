import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { read } from './context.js';

const sums = (text: string) => read(text).amounts.map((a) => `${a.currency} ${a.value}`);
const sizes = (text: string) => read(text).data.map((d) => d.mb);

describe('amounts', () => {
  it.each([
    ['you took ₦1,500.50 from me', ['NGN 1500.5']],
    ['N65,000 or NGN 65000 or 65k', ['NGN 65000', 'NGN 65000', 'NGN 65000']],
    ['#200 and 200 naira', ['NGN 200', 'NGN 200']],
    ['una chop two thousand five hundred naira', ['NGN 2500']],
    ['charged $25 in Dubai', ['USD 25']],
    ['fined N5.8bn', ['NGN 5800000000']],
    ['loaded 1000 airtime on *311#', ['NGN 1000']],
    ['debited 500 twice in 2025', ['NGN 500']],
    ['the 12k followers page, 3 days, 10 times, 24 hours', []],
    ['I bought 10GB at 10mbps', []],
    ['call 5 times from 9am to 5pm', []],
    ['sent to [PHONE] on 01/11/2026', []],
  ])('%j: %j', (text, found) => expect(sums(text)).toEqual(found));

  it('are in the money of the customer where none is said', () => {
    const { amounts } = read('I sent 5k', { zone: 'Africa/Kampala' });
    expect(amounts).toEqual([{ value: 5000, currency: 'UGX', said: '5k' }]);
  });

  it('reads back every sum as it is written with a sign', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), (naira) => {
        for (const written of [`₦${naira}`, `N${naira.toLocaleString('en')}`, `${naira} naira`])
          expect(sums(`they took ${written} from me`)).toEqual([`NGN ${naira}`]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('data sizes', () => {
  it.each([
    ['2GB for 1200', [2048]],
    ['500MB vanished', [500]],
    ['1.5 gig and 40 gigs', [1536, 40960]],
    ['1,200mb rollover', [1200]],
    ['speed of 10mbps, 2 MB/s', []],
    ['4G and 5G', []],
  ])('%j: %j', (text, found) => expect(sizes(text)).toEqual(found));
});
