import { describe, expect, it } from '@jest/globals';
import { bulkRates, order, quantile } from '../../bench/proofs/lanes-facts.js';

const bulk = (at: number, doneAt: number, records = 256) => ({ at, doneAt, records });

describe('what the proof of the two lanes is judged by', () => {
  it('counts the bulk receipts that a live record went past, and those finished while it waited', () => {
    const receipts = [bulk(0, 10), bulk(0, 25), bulk(0, 90), bulk(30, 95)];
    const live = [
      { id: 'a', at: 20, doneAt: 40 },
      { id: 'b', at: 100, doneAt: 101 },
    ];
    expect(order(live, receipts)).toEqual({ overtaken: [1, 0], before: [1, 0] });
  });

  it('sees a bulk lane that stands still', () => {
    const receipts = [bulk(0, 1_000, 100), bulk(0, 5_500, 300), bulk(0, 8_000, 100)];
    expect(bulkRates(receipts, 2_000)).toEqual([50, 0, 150, 0]);
    expect(bulkRates([bulk(0, 500)], 2_000)).toEqual([]);
  });

  it('takes quantiles of values that were there', () => {
    expect([0, 0.5, 0.95, 1].map((q) => quantile([5, 1, 3, 2, 4], q))).toEqual([1, 3, 5, 5]);
    expect(quantile([], 0.5)).toBe(0);
  });
});
