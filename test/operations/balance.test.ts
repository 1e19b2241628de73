import { describe, expect, it } from '@jest/globals';
import { type Counted, checksOf, runChecks, verdictOf } from '../../src/operations/ledger/balance.js';
import type { Run } from '../../src/operations/run.js';
import type { Key, Layer } from '../../src/operations/ledger/store.js';

const key: Key = { run: 'r', feed: 'calls', day: '2026-11-25' };
const layer = (of: Record<string, number>) => ({ _id: key, ...of }) as Layer;
const run = { _id: 'r', feed: 'calls', status: 'success' } as Run;

/** Tickets as counted before and after the deliveries, of which five are delivered and none waits. */
const tickets = (before: number, after: number) => {
  const counted: Counted = {
    key,
    run,
    deliveries: layer({ all: 5, ticketsAll: 5, ticketsDelivered: 5 }),
    gold: layer({ all: 5, deliveries: 5 }),
    predictions: layer({ all: 5 }),
    staging: layer({ all: 5, transformed: 5 }),
    receipts: layer({ read: 5, accepted: 5 }),
    tickets: [layer({ all: before }), layer({ all: after })],
  };
  return verdictOf(checksOf(counted));
};

describe('a ledger that is read while work goes on', () => {
  it.each([
    ['were being made meanwhile', 3, 7, 'balanced'],
    ['were all there before', 5, 6, 'balanced'],
    ['are fewer, also afterwards', 3, 4, 'broken'],
    ['were more already before', 6, 6, 'broken'],
  ])('asks for as many tickets as deliveries: %s', (_, before, after, verdict) => {
    expect(tickets(before, after)).toBe(verdict);
  });
});

describe('the lines of a file', () => {
  const ended = (status: Run['status']): Run =>
    ({ ...run, status, file: { lines: 9, linesCovered: 7 } }) as Run;
  const found = (of: Run) => runChecks(of, []).filter(({ name }) => name === 'lines_covered');

  it('must be covered by a run that read it to its end', () => {
    expect(found(ended('partial'))).toEqual([{ name: 'lines_covered', expected: 9, found: 7, slack: 0 }]);
  });
  it('need not be by one that failed', () => {
    expect(found(ended('failed'))).toEqual([]);
  });
});
