import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countQuarantined, findQuarantined, matchOf } from '../../src/staging/quarantine.js';
import { replay } from '../../src/staging/quarantine-decide.js';
import { transformReceipt } from '../../src/transform/process.js';
import { envelope } from './envelopes.js';
import { ANGRY, idOf, type QuarantineDesk, quarantineDesk, row } from './quarantine-desk.js';

let desk: QuarantineDesk;
let p: QuarantineDesk['p'];
beforeAll(async () => {
  desk = await quarantineDesk();
  p = desk.p;
});
afterAll(() => p.close());

describe('replay', () => {
  it('brings rows in after the mapping and the date format are corrected, with their own times', async () => {
    const rows = [
      row('r1', '25/11/2026', ANGRY),
      row('r2', '24/11/2026', ''),
      row('r3', '26.11.2026', ANGRY),
    ];
    const { run } = await p.accept(rows, 'calls');
    await desk.work(desk.feedWith('no such column', 'YYYY-MM-DD'));
    const filter = { run };
    const before = await findQuarantined(p.staging, filter, { limit: 10 });
    expect(before.items.map((i) => i.reason)).toEqual(['no_text', 'no_text', 'no_text']);

    await desk.work();
    expect(await replay(filter, desk.deps())).toEqual({ found: 3, changed: 3, notReplayable: {} });
    await desk.work(desk.feedWith('words', 'DD/MM/YYYY'));
    const [first, second, third] = await Promise.all(before.items.map((i) => p.staging.get(i.id)));
    const byTicket = Object.fromEntries(
      [first, second, third].map((r) => [r?.position.index, [r?.status, r?.reason]]),
    );
    expect(byTicket).toEqual({
      1: ['transformed', undefined],
      2: ['quarantined', 'no_text'],
      3: ['quarantined', 'bad_date'],
    });
    const done = before.items.find((i) => i.position.index === 1);
    const gold = await p.gold.get(done?.id ?? '');
    expect(gold).toMatchObject({
      run,
      receivedAt: done?.receivedAt,
      occurredAt: new Date('2026-11-25T00:00:00Z'),
      day: done?.receivedAt.toISOString().slice(0, 10),
    });

    expect(await replay({ run, reason: 'bad_date' }, desk.deps())).toMatchObject({ changed: 1 });
    await desk.work(desk.feedWith('words', 'DD.MM.YYYY'));
    const { verdict, rows: ledger } = await desk.settled();
    expect(ledger.find((r) => r.run === run)).toMatchObject({
      accepted: 3,
      transformed: 2,
      quarantined: 1,
      broken: [],
    });
    expect(verdict).toBe('balanced');
  });

  it('reads in the encoding that the feed declares by now', async () => {
    const made = row('e1', '2026-11-25', `réseau terrible ${ANGRY}`);
    const accepted = await p.accept([{ ...made, raw: Buffer.from(made.raw.toString(), 'latin1') }], 'calls');
    const id = idOf(accepted);
    await desk.work(desk.feedWith('words', 'YYYY-MM-DD'));
    expect(await p.staging.get(id)).toMatchObject({ status: 'quarantined', reason: 'bad_encoding' });
    await replay({ ids: [id] }, desk.deps());
    await desk.work({ ...desk.feedWith('words', 'YYYY-MM-DD'), encoding: 'windows-1252' });
    expect((await p.gold.get(id))?.text).toContain('réseau');
  });

  it('decides about routing as at the time it came in', async () => {
    const { run } = await p.accept([row('q1', '2026-11-20', ANGRY)], 'calls');
    await desk.work(desk.feedWith('none', 'YYYY-MM-DD'));
    const [item] = (await findQuarantined(p.staging, { run }, { limit: 1 })).items;
    const id = item?.id ?? '';
    // As if it had come on the next day and been replayed months later.
    const receivedAt = new Date('2026-11-21T00:00:00Z');
    await desk.put(id, { receivedAt, day: '2026-11-21' });
    await p.store.db
      .collection<{ run: string }>('receipts')
      .updateOne({ run }, { $set: { day: '2026-11-21' } });
    await replay({ ids: [id] }, desk.deps());
    await desk.work(desk.feedWith('words', 'YYYY-MM-DD'));
    expect(await p.gold.get(id)).toMatchObject({ receivedAt, routing: { state: 'due' } });
    expect((await desk.settled()).verdict).toBe('balanced');
  });

  it('is harmless twice, and takes what failed too, with its tries begun anew', async () => {
    const failing = { ...p.inference, classify: () => Promise.reject(new Error('no memory')) };
    const accepted = await p.accept([envelope(`${ANGRY} failing`, 'f1')]);
    const id = idOf(accepted);
    const { receipt = '' } = (await p.staging.get(id)) ?? {};
    for (let i = 0; i < 8; i++) {
      await desk.put(id, { notBefore: new Date(0) });
      await transformReceipt(receipt, 'live', { ...p.transform, inference: failing });
    }
    expect(await p.staging.get(id)).toMatchObject({ status: 'failed', attempts: 8 });
    await p.operations.raise({ _id: 'record_failed', severity: 'critical', detail: '', fix: '' }, new Date());
    const both = await Promise.all([
      replay({ ids: [id] }, { ...desk.deps(), by: 'one' }),
      replay({ ids: [id] }, { ...desk.deps(), by: 'two' }),
    ]);
    expect(both[0].changed + both[1].changed).toBe(1);
    expect(await replay({ ids: [id] }, desk.deps())).toEqual({ found: 0, changed: 0, notReplayable: {} });
    expect(await p.staging.get(id)).toMatchObject({
      status: 'received',
      lane: 'bulk',
      attempts: 0,
      unfinished: 0,
      parked: false,
    });
    expect((await p.operations.openAlarms()).map((a) => a._id)).not.toContain('record_failed');
    await desk.work();
    expect((await p.staging.get(id))?.status).toBe('transformed');
    expect((await desk.settled()).verdict).toBe('balanced');
  });

  it('tries a poison record alone', async () => {
    const accepted = await p.accept([envelope('fine network one', 'p1'), envelope('deadly network', 'p2')]);
    const [fine, deadly] = [idOf(accepted, 0), idOf(accepted, 1)];
    await desk.put(fine, { status: 'quarantined', reason: 'no_text', detail: 'x' });
    await desk.put(deadly, { status: 'quarantined', reason: 'poison', detail: 'x', unfinished: 3 });
    const poison = `record_poison:${deadly}`;
    await p.operations.raise({ _id: poison, severity: 'critical', detail: '', fix: '' }, new Date());
    await replay({ ids: [fine, deadly] }, desk.deps());
    expect((await p.operations.openAlarms()).map((a) => a._id)).not.toContain(poison);

    const batches: number[] = [];
    const inference = {
      ...p.inference,
      model: p.inference.model,
      classify: (...[items, lane]: Parameters<typeof p.inference.classify>) => {
        batches.push(items.length);
        return p.inference.classify(items, lane);
      },
    };
    const { receipt = '' } = (await p.staging.get(deadly)) ?? {};
    await transformReceipt(receipt, 'bulk', { ...p.transform, inference });
    expect(batches).toEqual([1, 1]);
    const after = await p.staging.get(deadly);
    expect(after?.status).toBe('transformed');
    expect(after).not.toHaveProperty('reason');
    expect(after).not.toHaveProperty('detail');
  });

  it('leaves what is cut, and says so', async () => {
    const cut = { ...envelope('half', 'big'), reason: { code: 'too_large' as const, detail: '300 KiB' } };
    const { run } = await p.accept([cut, { ...envelope('', 'empty') }]);
    await desk.work();
    expect(await replay({ run }, desk.deps(), { dryRun: true })).toEqual({
      found: 2,
      changed: 0,
      notReplayable: { too_large: 1 },
    });
    expect(await replay({ run }, desk.deps())).toMatchObject({ found: 2, changed: 1 });
    const [item] = (await findQuarantined(p.staging, { run, reason: 'too_large' }, { limit: 1 })).items;
    expect(item).toMatchObject({ replayable: false, status: 'quarantined' });
    await desk.work();
    expect((await desk.settled()).verdict).toBe('balanced');
  });

  it('goes in batches, each record once though all fail again, and can be led on', async () => {
    const { run } = await p.accept(Array.from({ length: 1_201 }, (_, i) => envelope('', `n${i}`)));
    await desk.work();
    const filter = { run };
    const batches: number[] = [];
    const one = await replay(filter, desk.deps(), { most: 700, onBatch: (n) => batches.push(n) > 0 });
    expect(batches).toEqual([500, 700]);
    expect(one).toMatchObject({ found: 1_201, changed: 700, next: { id: expect.any(String) } });
    await desk.work(); // back in quarantine, all of them
    const two = await replay(filter, desk.deps(), { after: one.next });
    expect(two).toEqual({ found: 501, changed: 501, notReplayable: {} });
    const stopped = await replay({ ...filter, ids: [] }, desk.deps());
    expect(stopped.found).toBe(0);
    await desk.work();
    expect(await countQuarantined(p.staging, matchOf(filter))).toEqual({
      total: 1_201,
      byReason: { schema_mismatch: 1_201 },
      byFeed: { api: 1_201 },
    });
    const { rows } = await desk.settled();
    expect(rows.find((r) => r.run === run)).toMatchObject({
      accepted: 1_201,
      quarantined: 1_201,
      broken: [],
    });
  });
});
