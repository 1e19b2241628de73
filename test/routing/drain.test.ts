import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { drain } from '../../src/routing/drain.js';
import type { Delivery, FindOutcome, SendOutcome, Sink } from '../../src/sinks/port.js';
import { envelope } from '../staging/envelopes.js';
import { type TestPipeline, testPipeline } from '../support/pipeline.js';

let p: TestPipeline;
let serial = 0;
beforeAll(async () => {
  p = await testPipeline();
});
afterAll(() => p.close());

/** A sink that answers as told and remembers what it was asked. */
function scripted(answers: SendOutcome[], finds: FindOutcome[] = []) {
  const sent: Delivery[][] = [];
  const asked: string[] = [];
  const sink: Sink = {
    name: 'tickets',
    guarantee: 'asked',
    batchSize: 1,
    spacingMs: 0,
    async send(batch) {
      sent.push([...batch]);
      return [answers.shift() ?? { kind: 'delivered', evidence: { ref: `r${sent.length}` } }];
    },
    async find({ id }) {
      asked.push(id);
      return finds.shift() ?? { kind: 'absent' };
    },
    close: async () => {},
  };
  return { sink, sent, asked };
}

/** A destination of this test's own with `n` deliveries of one complaint each. */
async function destination(priorities: (0 | 1)[] = [1]) {
  serial += 1;
  const target = `queue ${serial}`;
  const made: string[] = [];
  for (const [i, priority] of priorities.entries()) {
    const { outcomes } = await p.accept([
      envelope(`complaint ${serial}.${i}: network is terrible`, `d${serial}.${i}`),
    ]);
    await p.transformAll();
    const complaint = outcomes[0]?.id ?? '';
    const _id = `${complaint}-test`;
    const at = new Date(Date.now() - 1000 + i);
    await p.deliveries.create([
      {
        _id,
        complaint,
        run: 'r',
        feed: 'api',
        day: '2026-11-25',
        sink: 'tickets',
        target,
        destination: `tickets:${target}`,
        team: 'billing',
        purpose: 'route',
        seq: 1,
        priority,
        state: 'pending',
        dueAt: at,
        attempts: 0,
        createdAt: at,
      },
    ]);
    made.push(_id);
  }
  return { destination: `tickets:${target}`, ids: made };
}
const run = (d: string, sink: Sink) =>
  drain(d, { ...p.draining, sinks: new Map([['tickets', sink]]) }, new Date(Date.now() + 60_000));
const state = async (id: string) => p.store.db.collection<{ _id: string }>('deliveries').findOne({ _id: id });
const makeDue = (id: string) =>
  p.store.db
    .collection<{ _id: string }>('deliveries')
    .updateOne({ _id: id }, { $set: { dueAt: new Date(0) } });

describe('draining a destination', () => {
  it('sends the urgent first, then the oldest', async () => {
    const { destination: d, ids } = await destination([1, 1, 0]);
    const { sink, sent } = scripted([]);
    expect(await run(d, sink)).toEqual({ sent: 3, end: 'empty' });
    expect(sent.flat().map((s) => s.id)).toEqual([ids[2], ids[0], ids[1]]);
    expect(sent[0]?.[0]?.card).toMatchObject({
      team: expect.any(String),
      text: expect.stringContaining('network is terrible'),
    });
    expect(await state(ids[0] as string)).toMatchObject({ state: 'delivered', evidence: { ref: 'r2' } });
  });

  it('asks before it repeats what may have been done, and adopts what it finds', async () => {
    const { destination: d, ids } = await destination();
    const id = ids[0] as string;
    const { sink, sent, asked } = scripted(
      [{ kind: 'unknown', code: 'timeout' }],
      [{ kind: 'found', evidence: { ref: 'there' }, times: 1 }],
    );
    expect((await run(d, sink)).sent).toBe(0);
    expect(await state(id)).toMatchObject({ state: 'unknown', code: 'timeout' });
    await makeDue(id);
    await run(d, sink);
    expect(asked).toEqual([id]);
    expect(sent).toHaveLength(1);
    expect(await state(id)).toMatchObject({ state: 'delivered', evidence: { ref: 'there' } });
  });

  it('sends again only when the sink says that it is not there; not while it cannot say', async () => {
    const { destination: d, ids } = await destination();
    const id = ids[0] as string;
    const { sink, sent } = scripted(
      [{ kind: 'unknown', code: 'reset' }],
      [{ kind: 'unavailable', code: 'down' }, { kind: 'absent' }],
    );
    await run(d, sink);
    await makeDue(id);
    await run(d, sink);
    expect(sent).toHaveLength(1);
    expect(await state(id)).toMatchObject({ state: 'unknown', code: 'down' });
    await makeDue(id);
    await run(d, sink);
    expect(sent).toHaveLength(2);
    expect(await state(id)).toMatchObject({ state: 'delivered' });
  });

  it('asks about what a dead worker was sending, once its lease is over', async () => {
    const { destination: d, ids } = await destination();
    const id = ids[0] as string;
    const claims = await p.deliveries.claim(d, 1, 60_000, new Date());
    expect(claims).toMatchObject([{ kind: 'fresh' }]);
    const { sink, sent, asked } = scripted([]);
    expect((await run(d, sink)).end).toBe('empty');
    await p.store.db
      .collection<{ _id: string }>('deliveries')
      .updateOne({ _id: id }, { $set: { leaseUntil: new Date(0) } });
    await run(d, sink);
    expect(asked).toEqual([id]);
    expect(sent).toHaveLength(1);
    expect(await state(id)).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('waits as long as it is told, and counts no attempt for it', async () => {
    const { destination: d, ids } = await destination([1, 1]);
    const { sink, sent } = scripted([{ kind: 'rate_limited', retryAfterMs: 60_000 }]);
    expect((await run(d, sink)).end).toBe('wait');
    expect(sent).toHaveLength(1);
    expect(await state(ids[0] as string)).toMatchObject({ state: 'pending', attempts: 0 });
    expect(await p.deliveries.dueDestinations(new Date())).not.toContain(d);
    expect(await p.deliveries.dueDestinations(new Date(Date.now() + 61_000))).toContain(d);
  });

  it('stops a destination that refuses everything, raises one alarm, keeps its backlog for after the cure', async () => {
    const { destination: d, ids } = await destination([1, 1]);
    const { sink, sent } = scripted([{ kind: 'refused', what: 'target', code: 'is_archived' }]);
    expect((await run(d, sink)).end).toBe('stopped');
    expect(sent).toHaveLength(1);
    expect(p.alarms).toContainEqual(['destination_stopped', d, expect.stringContaining('is_archived')]);
    expect(await p.deliveries.dueDestinations(new Date())).not.toContain(d);
    await p.deliveries.resume(d);
    expect((await run(d, sink)).sent).toBe(2);
    expect(await state(ids[0] as string)).toMatchObject({ state: 'delivered' });
  });

  it('gives up one delivery whose content is refused, not its neighbours', async () => {
    const { destination: d, ids } = await destination([1, 1]);
    const { sink } = scripted([{ kind: 'refused', what: 'content', code: 'msg_too_long' }]);
    expect(await run(d, sink)).toEqual({ sent: 1, end: 'empty' });
    expect(await state(ids[0] as string)).toMatchObject({ state: 'dead', code: 'msg_too_long' });
  });

  it('tries what was surely not sent again later, until it is dead', async () => {
    const { destination: d, ids } = await destination();
    const id = ids[0] as string;
    const { sink } = scripted(
      Array.from({ length: 12 }, () => ({ kind: 'not_sent' as const, code: 'ECONNREFUSED' })),
    );
    for (let i = 0; i < 12; i++) {
      await run(d, sink);
      await makeDue(id);
    }
    expect(await state(id)).toMatchObject({ state: 'dead', code: 'ECONNREFUSED', attempts: 12 });
  });

  it('takes a sink that throws as not knowing', async () => {
    const { destination: d, ids } = await destination();
    const { sink } = scripted([]);
    await run(d, {
      ...sink,
      send: async () => {
        throw new TypeError('boom');
      },
    });
    expect(await state(ids[0] as string)).toMatchObject({ state: 'unknown', code: 'TypeError' });
  });

  it('lets a slow worker, whose claim went to another, undo nothing', async () => {
    const { destination: d, ids } = await destination();
    const id = ids[0] as string;
    const [slow] = await p.deliveries.claim(d, 1, -1, new Date()); // a lease that is over at once
    const { sink, sent } = scripted([]);
    await run(d, sink);
    expect(sent).toHaveLength(1);
    const late = { id, claimed: slow?.record.claimed ?? '' };
    await p.deliveries.settle([{ ...late, to: 'pending', code: 'late', dueAt: new Date(0) }], new Date());
    expect(await state(id)).toMatchObject({ state: 'delivered' });
  });

  it('gives two claims at once each its own', async () => {
    const { destination: d } = await destination([1, 1, 1, 1, 1, 1]);
    const claims = await Promise.all([1, 2, 3].map(() => p.deliveries.claim(d, 3, 60_000, new Date())));
    const taken = claims.flat().map((c) => c.record._id);
    expect(new Set(taken).size).toBe(taken.length);
  });
});
