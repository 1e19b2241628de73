import { describe, expect, it } from '@jest/globals';
import type { Facts } from '../../bench/proofs/facts.js';
import { allNegativeDue, judge, outcomes, sameOutcomes } from '../../bench/proofs/judge.js';

type Changes = { -readonly [K in keyof Facts]?: (rows: Facts[K][number][]) => Facts[K][number][] };

/** Two due complaints with everything that belongs to them, and one that is not negative. */
function sound(changes: Changes = {}): Facts {
  const id = (n: number, sink: string) => `c${n}-1-${sink}-billing`;
  const effective = {
    category: 'billing',
    sentiment: 'negative',
    complaint: 'y',
    urgency: 'low',
    by: 'model',
  } as const;
  const decided = (n: number) => [
    { id: id(n, 'slack'), sink: 'slack', target: '#billing' },
    { id: id(n, 'tickets'), sink: 'tickets', target: 'Billing' },
  ];
  const routing = (n: number) => ({
    state: n < 3 ? ('due' as const) : ('not_negative' as const),
    seq: 1,
    decidedAt: new Date(0),
    rulesVersion: 'v',
    deliveries: n < 3 ? decided(n) : [],
  });
  const facts: Facts = {
    staging: [1, 2, 3].map((n) => ({ _id: `c${n}`, feed: 'calls', status: 'transformed' as const })),
    complaints: [1, 2, 3].map((n) => ({
      _id: `c${n}`,
      feed: 'calls',
      negative: n < 3,
      review: [],
      effective,
      routing: routing(n),
    })),
    deliveries: [1, 2].flatMap((n) =>
      decided(n).map((d) => ({
        _id: d.id,
        complaint: `c${n}`,
        sink: d.sink,
        target: d.target,
        state: 'delivered' as const,
        evidence: { ref: d.sink === 'slack' ? `C0BILLING:10.00000${n}` : `c${n}` },
        attempts: 1,
      })),
    ),
    tickets: [1, 2].map((n) => ({ _id: `c${n}`, delivery: id(n, 'tickets'), queue: 'Billing' })),
    messages: [1, 2].map((n) => ({
      channel: 'billing',
      ts: `10.00000${n}`,
      metadata: { event_payload: { complaint_id: `c${n}`, delivery_id: id(n, 'slack') } },
    })),
  };
  return Object.fromEntries(
    Object.entries(facts).map(([layer, rows]) => [
      layer,
      (changes[layer as keyof Facts] as ((r: readonly unknown[]) => unknown) | undefined)?.(rows) ?? rows,
    ]),
  ) as Facts;
}

const failed = (facts: Facts) =>
  judge(facts, { calls: 3 })
    .filter((c) => !c.ok)
    .map((c) => c.name);

describe('the judge of the proofs', () => {
  it('finds nothing wrong where nothing is', () => {
    expect(failed(sound())).toEqual([]);
    expect(allNegativeDue(sound()).ok).toBe(true);
  });

  it.each<[string, Changes, string]>([
    ['a lost record', { staging: (s) => s.slice(1) }, 'rows of calls in staging'],
    [
      'a record in flight',
      { staging: (s) => s.map((r, i) => (i === 0 ? { ...r, status: 'received' } : r)) },
      'records without a final status, or failed',
    ],
    [
      'a bystander taken for poison',
      { staging: (s) => s.map((r, i) => (i === 0 ? { ...r, status: 'quarantined', reason: 'poison' } : r)) },
      'records taken for poison',
    ],
    [
      'a complaint that is gone',
      { complaints: (c) => c.slice(1) },
      'transformed records without their complaint',
    ],
    ['a delivery that is gone', { deliveries: (d) => d.slice(1) }, 'deliveries decided but absent'],
    [
      'a delivery that waits',
      { deliveries: (d) => d.map((r, i) => (i === 0 ? { ...r, state: 'unknown' } : r)) },
      'deliveries not delivered',
    ],
    [
      'a message that never came',
      { messages: (m) => m.slice(1) },
      'due complaints without exactly one Slack message',
    ],
    [
      'a message twice',
      { messages: (m) => [...m, m[0] as never] },
      'deliveries with more than one Slack message',
    ],
    [
      'a message without metadata',
      { messages: (m) => [...m, { channel: 'billing', ts: '11.000000' }] },
      'Slack messages of no due complaint',
    ],
    [
      'a message in a wrong channel',
      { messages: (m) => m.map((r, i) => (i === 0 ? { ...r, channel: 'fraud' } : r)) },
      'Slack messages in another channel than decided',
    ],
    [
      'evidence that names no message',
      { messages: (m) => m.map((r, i) => (i === 0 ? { ...r, ts: '99.000000' } : r)) },
      'Slack deliveries whose evidence is no message',
    ],
    ['a ticket that is gone', { tickets: (t) => t.slice(1) }, 'due complaints without exactly one ticket'],
    [
      'a ticket of nobody',
      { tickets: (t) => [...t, { _id: 'c9', delivery: 'c9-1-tickets-billing', queue: 'Billing' }] },
      'tickets of no due complaint',
    ],
  ])('notices %s', (_, changes, check) => {
    expect(failed(sound(changes))).toContain(check);
  });

  it('notices a negative complaint that goes nowhere, and a record that came out otherwise', () => {
    const calm = sound();
    const other = sound({
      complaints: (c) =>
        c.map((r, i) => (i === 0 ? { ...r, routing: { ...r.routing, state: 'held' as const } } : r)),
    });
    expect(allNegativeDue(other).detail).toBe('c1 is held');
    expect(sameOutcomes(outcomes(calm), outcomes(sound())).ok).toBe(true);
    expect(sameOutcomes(outcomes(calm), outcomes(other))).toMatchObject({ ok: false, found: 1 });
  });
});
