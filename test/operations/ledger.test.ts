import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CheckName } from '../../src/operations/ledger/balance.js';
import { envelope } from '../staging/envelopes.js';
import { type TestPipeline, testPipeline } from '../support/pipeline.js';

const TEXTS = [
  'No network in Ikeja since Monday, this is terrible, I cannot call anybody!',
  'You people stole my 5000 naira data again. Thieves! Refund me now',
  'Thank you Beejan, my internet is very fast today, well done',
  'What is the price of the 10GB bundle please?',
  'Somebody called with your number and took 85000 from my wallet. Block it now!!',
];

let p: TestPipeline;
beforeAll(async () => {
  p = await testPipeline();
  await p.accept([
    ...TEXTS.map((t, i) => envelope(t, `l${i}`)),
    envelope(TEXTS[0] as string, 'l0'),
    envelope('other', 'l1'),
    envelope('\u200b', 'l9'),
  ]);
  await p.transformAll();
  await p.deliverAll();
  await p.countTrends();
});
afterAll(() => p.close());

describe('the ledger', () => {
  it('adds up when all is done, with every record accounted for', async () => {
    const { verdict, rows, trends } = await p.ledger();
    expect(rows).toHaveLength(1);
    const [row] = rows;
    expect(row?.broken).toEqual([]);
    expect(row).toMatchObject({
      read: 8,
      accepted: 6,
      repeated: 1,
      conflict: 1,
      refused: 0,
      transformed: 5,
      quarantined: 1,
      inFlight: 0,
    });
    const { due = 0, not_negative = 0 } = row?.routing ?? {};
    expect(due + not_negative).toBe(5);
    expect(due).toBeGreaterThanOrEqual(2);
    expect(row?.deliveries).toEqual({ waiting: 0, delivered: due * 2, dead: 0 });
    expect(trends).toMatchObject({ gold: 5, trends: 5, verdict: 'balanced' });
    expect(verdict).toBe('balanced');
  });

  const KINDS: [collection: string, filter: object, check: CheckName | 'trends'][] = [
    ['runs', {}, 'run_known'],
    ['receipts', {}, 'run_agrees'],
    ['staging', { status: 'transformed' }, 'staging_complete'],
    ['staging', { status: 'quarantined' }, 'staging_complete'],
    ['staging', { status: 'conflict' }, 'staging_complete'],
    ['complaints', { 'routing.state': 'due' }, 'gold_complete'],
    ['complaints', { 'routing.state': 'not_negative' }, 'gold_complete'],
    ['predictions', {}, 'predictions_complete'],
    ['deliveries', { sink: 'tickets' }, 'deliveries_complete'],
    ['deliveries', { sink: 'outbox' }, 'deliveries_complete'],
    ['tickets', {}, 'tickets_complete'],
    ['outbox', { kind: 'slack' }, 'outbox_complete'],
    ['trends', {}, 'trends'],
  ];

  it.each(KINDS)(
    'turns red when one of %s %j is deleted, and says which check',
    async (name, filter, check) => {
      const collection = p.store.db.collection(name);
      const victim = await collection.findOneAndDelete(filter);
      expect(victim).not.toBeNull();
      try {
        const { verdict, rows, trends } = await p.ledger();
        expect(verdict).toBe('broken');
        const broken = rows.flatMap((r) => r.broken.map((b) => b.name));
        if (check === 'trends') expect(trends.verdict).toBe('broken');
        else expect(broken).toContain(check);
        if (name === 'complaints' || name === 'tickets')
          expect(rows[0]?.missing).toContain(String(victim?._id));
        if (name === 'predictions') expect(rows[0]?.missing).toContain(victim?.complaint);
      } finally {
        if (victim) await collection.insertOne(victim);
      }
      expect((await p.ledger()).verdict).toBe('balanced');
    },
  );

  it('turns red when a receipt in the middle of a run is gone, though the sums of the others hold', async () => {
    const { run } = await p.accept([envelope('first of two, network bad', 'm1')]);
    const receipts = p.store.db.collection<{ _id: string }>('receipts');
    await receipts.insertOne({
      ...(await receipts.findOne({ _id: `${run}.0000000` })),
      _id: `${run}.0000002`,
      seq: 2,
      counts: { read: 0, accepted: 0, repeated: 0, conflict: 0, refused: 0, kept: 0 },
    } as { _id: string });
    const row = (await p.ledger()).rows.find((r) => r.run === run);
    expect(row?.broken).toContainEqual({ name: 'receipts_complete', expected: 3, found: 2, slack: 0 });
    await receipts.deleteOne({ _id: `${run}.0000002` });
    const waiting = (await p.ledger()).rows.find((r) => r.run === run);
    expect(waiting).toMatchObject({ verdict: 'balanced', accepted: 1, inFlight: 1, transformed: 0 });
    await p.transformAll();
    await p.deliverAll();
    await p.countTrends();
    expect((await p.ledger()).verdict).toBe('balanced');
  });

  it('waits for the hour of a complaint whose record is in flight, and for no other', async () => {
    const { outcomes } = await p.accept([envelope('no data in Lekki, fix it', 'h1')]);
    await p.transformAll();
    await p.deliverAll();
    await p.countTrends();
    // As a process leaves them that ends between gold and the mark of the hour.
    const hours = p.store.db.collection('trends');
    const hour = await hours.findOneAndDelete({});
    const records = p.store.db.collection<{ _id: string }>('staging');
    const all = await records.find({ status: 'transformed' }).toArray();
    const ids = all.map((r) => r._id);
    await records.updateMany({ _id: { $in: ids } }, { $set: { status: 'received' } });
    expect((await p.ledger()).trends).toMatchObject({ stale: 0, verdict: 'settling' });
    await records.updateMany({ _id: { $in: ids } }, { $set: { status: 'transformed' } });
    expect((await p.ledger()).trends).toMatchObject({ stale: 0, verdict: 'broken' });
    if (hour) await hours.insertOne(hour);
    expect((await p.ledger()).verdict).toBe('balanced');
    expect(ids).toContain(outcomes[0]?.id);
  });
});
