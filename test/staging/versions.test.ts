import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ALIGNED_VERSION } from '../../src/complaint/aligned.js';
import { replay } from '../../src/staging/quarantine-decide.js';
import { STAGING_VERSION } from '../../src/staging/record.js';
import { ANGRY, idOf, type QuarantineDesk, quarantineDesk, row } from './quarantine-desk.js';

let desk: QuarantineDesk;
let p: QuarantineDesk['p'];
beforeAll(async () => {
  desk = await quarantineDesk();
  p = desk.p;
});
afterAll(() => p.close());

describe('records of another version of the program', () => {
  const feed = () => desk.feedWith('words', 'YYYY-MM-DD');

  it('carry the version that staged them', async () => {
    const id = idOf(await p.accept([row('v1', '2026-11-25', ANGRY)], 'calls'));
    expect(await p.staging.get(id)).toMatchObject({ v: STAGING_VERSION });
  });

  it('staged by an older one under older settings, are aligned by this one when they are replayed', async () => {
    const id = idOf(await p.accept([row('v2', '2026-11-25', `réseau ${ANGRY}`)], 'calls'));
    // As the first version staged rows: without a number, and without the encoding of their file.
    await p.store.db
      .collection<{ _id: string }>('staging')
      .updateOne({ _id: id }, { $unset: { v: 1, 'format.encoding': 1 } });
    const before = await p.staging.get(id);
    await desk.work(desk.feedWith('text', 'DD/MM/YYYY'));
    expect(await p.staging.get(id)).toMatchObject({ status: 'quarantined', reason: 'no_text' });

    await replay({ ids: [id] }, desk.deps());
    await desk.work(feed());
    const after = await p.staging.get(id);
    expect(after).toMatchObject({ status: 'transformed' });
    for (const key of [
      'raw',
      'rawHash',
      'format',
      'contentHash',
      'receivedAt',
      'position',
      'receipt',
    ] as const)
      expect(after?.[key]).toEqual(before?.[key]);
    expect(await p.gold.get(id)).toMatchObject({
      text: expect.stringContaining('réseau'),
      occurredAt: new Date('2026-11-25T00:00:00Z'),
      receivedAt: before?.receivedAt,
      lineage: { alignedVersion: ALIGNED_VERSION, rawHash: before?.rawHash },
    });
    expect((await desk.settled()).verdict).toBe('balanced');
  });

  it('in gold by an older schema, are read as they stand, and keep what was decided when they are worked on again', async () => {
    const id = idOf(await p.accept([row('v3', '2026-11-25', ANGRY)], 'calls'));
    await desk.work(feed());
    const made = await p.gold.get(id);
    const gold = p.store.db.collection<{ _id: string }>('complaints');
    await gold.updateOne({ _id: id }, { $set: { v: 0, 'lineage.alignedVersion': ALIGNED_VERSION - 1 } });
    expect(await p.gold.get(id)).toMatchObject({
      text: made?.text,
      lineage: { alignedVersion: ALIGNED_VERSION - 1 },
    });

    await desk.put(id, { status: 'received' });
    await desk.work(feed());
    expect(await p.gold.get(id)).toEqual(made);
    expect((await desk.settled()).verdict).toBe('balanced');
  });

  it('staged by a newer one, wait for it and are not put aside', async () => {
    const id = idOf(await p.accept([row('v4', '2026-11-25', ANGRY)], 'calls'));
    await desk.put(id, { v: STAGING_VERSION + 1 });
    await desk.work(feed());
    expect(await p.staging.get(id)).toMatchObject({ status: 'received', parked: true });
    await desk.put(id, { v: STAGING_VERSION, notBefore: new Date(0) });
    await desk.work(feed());
    expect(await p.staging.get(id)).toMatchObject({ status: 'transformed' });
  });
});
