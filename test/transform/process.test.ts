import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { placeOf } from '../../src/complaint/gold.js';
import type { Inference } from '../../src/inference/port.js';
import { groupsOf, transformReceipt } from '../../src/transform/process.js';
import { envelope } from '../staging/envelopes.js';
import { type TestPipeline, testPipeline } from '../support/pipeline.js';

let p: TestPipeline;
beforeAll(async () => {
  p = await testPipeline();
});
afterAll(() => p.close());

/** The model, but for texts with `word` it does as told. */
const misbehaving = (word: string, act: () => Promise<never>): Inference => ({
  ...p.inference,
  model: p.inference.model,
  classify: async (items, lane) =>
    items.some((i) => i.text.includes(word)) ? act() : p.inference.classify(items, lane),
});
const receiptOf = async (id: string) => (await p.staging.get(id))?.receipt as string;

describe('groups of a receipt', () => {
  const group = (...records: [unfinished: number, attempts: number][]) =>
    groupsOf(records.map(([unfinished, attempts]) => ({ unfinished, attempts }))).map((g) => g.length);

  it('are all records that nothing speaks against: after one crash a receipt goes on as it was', () => {
    expect(group()).toEqual([]);
    expect(group([0, 0], [0, 2], [1, 1], [1, 2])).toEqual([4]);
  });

  it('are a record each that may have ended its process twice', () =>
    expect(group([2, 2], [0, 0], [2, 2], [1, 1])).toEqual([1, 1, 2]));

  it('grow smaller with every failure, so that nobody fails for a neighbour to the end', () => {
    const twenty = (attempts: number) => Array.from({ length: 20 }, (): [number, number] => [0, attempts]);
    expect(group(...twenty(3))).toEqual([16, 4]);
    expect(group(...twenty(5))).toHaveLength(20);
  });
});

describe('transforming a receipt', () => {
  it('puts into gold what a person may see, and nothing else of the customer', async () => {
    const raw = 'My line 08031234567 has no network &amp; my mail ada@example.com is full, terrible!';
    const { outcomes } = await p.accept([envelope(raw, 't1')]);
    await p.transformAll();
    const gold = await p.gold.get(outcomes[0]?.id ?? '');
    expect(gold).toMatchObject({
      text: 'My line [PHONE] has no network & my mail [EMAIL] is full, terrible!',
      reference: outcomes[0]?.reference,
      prediction: { modelId: 'baseline-bayes-1' },
      lineage: { position: { kind: 'request' }, alignedVersion: 1 },
    });
    expect(JSON.stringify(gold)).not.toMatch(/08031234567|ada@/);
    expect(gold?.words).toEqual(expect.arrayContaining(['network', 'terribl']));
  });

  it('keeps what the text says beside its labels, and tells the team where it is', async () => {
    const text =
      'No network in Ajah since yesterday, ticket 48213, I will report you to NCC! call 08035550101';
    const { outcomes } = await p.accept([envelope(text, 't1e')]);
    await p.transformAll();
    const gold = await p.gold.get(outcomes[0]?.id ?? '');
    expect(gold?.entities).toMatchObject({
      places: [{ name: 'Ajah', kind: 'area', state: 'Lagos', said: 'Ajah' }],
      references: ['48213'],
      flags: ['threat', 'loss'],
      addressee: 'us',
      author: 'customer',
    });
    expect(gold?.entities?.since?.from).toBeInstanceOf(Date);
    expect(JSON.stringify(gold?.entities)).not.toContain('0803');
    expect(gold && placeOf(gold)).toBe('Ajah, Lagos');
  });

  it('changes nothing when it runs again: labels, decision, deliveries', async () => {
    const { outcomes } = await p.accept([envelope('Your network is useless, no signal for two days!', 't2')]);
    const id = outcomes[0]?.id ?? '';
    await p.transformAll();
    const first = await p.gold.get(id);
    await p.store.db
      .collection<{ _id: string }>('staging')
      .updateOne({ _id: id }, { $set: { status: 'received' } });
    await transformReceipt(await receiptOf(id), 'live', {
      ...p.transform,
      // Other rules now: the standing decision is kept, nobody gets it twice.
      desk: () => ({
        ...p.transform.desk(),
        version: 'other',
        match: () => ({ rule: 'x', team: 'vas', priority: 'high' }),
      }),
    });
    const again = await p.gold.get(id);
    expect(again?.routing).toEqual(first?.routing);
    expect(again?.prediction).toEqual(first?.prediction);
    expect(await p.deliveries.of(id)).toHaveLength(first?.routing.deliveries.length ?? -1);
    expect(await p.gold.predictionsOf(id)).toHaveLength(1);
  });

  it('quarantines what it cannot read, with the reason, and goes on with its neighbours', async () => {
    const broken = { ...envelope('x', 't4'), raw: Buffer.from('{"text":') };
    const { outcomes } = await p.accept([envelope('good one', 't3'), broken, envelope('&#8203;', 't5')]);
    await p.transformAll();
    const states = await Promise.all(outcomes.map((o) => p.staging.get(o.id)));
    expect(states.map((s) => [s?.status, s?.reason])).toEqual([
      ['transformed', undefined],
      ['quarantined', 'schema_mismatch'],
      ['quarantined', 'no_text'],
    ]);
  });

  it('tries again later when the model fails, and gives up with an alarm after the last try', async () => {
    const { outcomes } = await p.accept([envelope('please stumble', 't6')]);
    const id = outcomes[0]?.id ?? '';
    const deps = {
      ...p.transform,
      inference: misbehaving('stumble', async () => {
        throw new Error('out of memory');
      }),
    };
    const receipt = await receiptOf(id);
    expect(await transformReceipt(receipt, 'live', deps)).toMatchObject({ retried: 1 });
    const waiting = await p.staging.get(id);
    expect(waiting).toMatchObject({ status: 'received', attempts: 1, unfinished: 0, detail: 'Error' });
    expect(waiting?.notBefore.getTime()).toBeGreaterThan(Date.now());
    for (let i = 0; i < 7; i++) {
      await p.store.db
        .collection<{ _id: string }>('staging')
        .updateOne({ _id: id }, { $set: { notBefore: new Date(0) } });
      await transformReceipt(receipt, 'live', deps);
    }
    expect((await p.staging.get(id))?.status).toBe('failed');
    expect(p.alarms.some(([kind]) => kind === 'record_failed')).toBe(true);
  });

  it('finds out the record that ends its worker three times, without its neighbours', async () => {
    const { outcomes } = await p.accept([
      envelope('fine one', 't7'),
      envelope('deadly one', 't8'),
      envelope('fine two', 't9'),
    ]);
    const [, deadly] = outcomes.map((o) => o.id);
    const receipt = await receiptOf(deadly ?? '');
    for (let crash = 0; crash < 3; crash++) {
      // A worker that dies in the model never answers: what it was doing is simply gone.
      let died: () => void = () => {};
      const death = new Promise<void>((resolve) => {
        died = resolve;
      });
      const inference = misbehaving('deadly', () => {
        died();
        return new Promise<never>(() => {});
      });
      void transformReceipt(receipt, 'live', { ...p.transform, inference });
      await death;
    }
    expect(await transformReceipt(receipt, 'live', p.transform)).toMatchObject({ quarantined: 1 });
    const states = await Promise.all(outcomes.map((o) => p.staging.get(o.id)));
    expect(states.map((s) => [s?.status, s?.reason])).toEqual([
      ['transformed', undefined],
      ['quarantined', 'poison'],
      ['transformed', undefined],
    ]);
    expect(p.alarms).toContainEqual(expect.arrayContaining(['record_poison', deadly]));
  });

  it('keeps what a person decided', async () => {
    const { outcomes } = await p.accept([envelope('slow internet again, angry', 't10')]);
    const id = outcomes[0]?.id ?? '';
    await p.transformAll();
    const human = {
      category: 'device_app',
      sentiment: 'negative',
      complaint: 'y',
      urgency: 'low',
      by: 'human',
    };
    await p.store.db
      .collection<{ _id: string }>('complaints')
      .updateOne({ _id: id }, { $set: { effective: human } });
    await p.store.db
      .collection<{ _id: string }>('staging')
      .updateOne({ _id: id }, { $set: { status: 'received' } });
    await transformReceipt(await receiptOf(id), 'live', p.transform);
    expect((await p.gold.get(id))?.effective).toEqual(human);
  });
});
