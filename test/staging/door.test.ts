import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCipher } from '../../src/governance/cipher.js';
import { type Door, type DoorDeps, openDoor } from '../../src/staging/door.js';
import { stagingStore } from '../../src/staging/store.js';
import { testStore } from '../support/stores.js';
import { envelope } from './envelopes.js';

const cipher = createCipher({ encryption: new Map([[1, Buffer.alloc(32, 1)]]), hash: Buffer.alloc(32) });
let store: Awaited<ReturnType<typeof testStore>>;
let staging: ReturnType<typeof stagingStore>;
const announced: string[] = [];
let run = 0;

function open(deps: Partial<DoorDeps> = {}): Door & { run: string } {
  run += 1;
  const options = {
    run: `run${run}`,
    feed: 'api',
    source: 'api',
    lane: 'live',
    route: 'auto',
    firstSeq: 0,
  } as const;
  const onReceipt = (receipt: string) => void announced.push(receipt);
  return {
    run: options.run,
    ...openDoor(options, { store: staging, cipher, now: () => new Date(), onReceipt, ...deps }),
  };
}
const outcomes = async (door: Door, ...items: ReturnType<typeof envelope>[]) =>
  (await door.accept(items)).map((o) => o.outcome);
const sumOf = async (
  runId: string,
  field: 'read' | 'accepted' | 'repeated' | 'conflict' | 'refused' | 'kept',
) => (await staging.receiptsOf(runId).toArray()).reduce((sum, r) => sum + (r.counts?.[field] ?? 0), 0);

beforeAll(async () => {
  store = await testStore();
  staging = stagingStore(store);
});
afterAll(() => store.drop());

describe('a door', () => {
  it('stages what it accepts, sealed, before it answers', async () => {
    const door = open();
    const [answer] = await door.accept([envelope('My number is 08031234567', 'a1')]);
    const kept = await staging.get(answer?.id ?? '');
    expect(kept).toMatchObject({ status: 'received', feed: 'api', attempts: 0 });
    expect(JSON.stringify(kept)).not.toContain('08031234567');
    expect(cipher.open(Buffer.from(kept?.raw.buffer ?? []), answer?.id ?? '')?.toString()).toBe(
      '{"text":"My number is 08031234567"}',
    );
    expect(announced).toContain(kept?.receipt);
    await door.close();
  });

  it('knows repeats and conflicts of one id, in one batch and over batches', async () => {
    const door = open();
    const same = () => envelope('same words', 'b1');
    expect(await outcomes(door, same(), same(), envelope('other words', 'b1'))).toEqual([
      'accepted',
      'repeated',
      'conflict',
    ]);
    expect(await outcomes(door, same(), envelope('other words', 'b1'))).toEqual(['repeated', 'conflict']);
    const [{ id } = { id: '' }] = await door.accept([same()]);
    const conflicts = await staging.conflictsOf(id);
    expect(conflicts).toHaveLength(1);
    expect(conflicts[0]).toMatchObject({ status: 'conflict' });
    await door.close();
    expect(door.tally()).toEqual({ read: 6, accepted: 1, repeated: 3, conflict: 2, refused: 0 });
    expect(await sumOf(door.run, 'kept')).toBe(1);
    expect(await sumOf(door.run, 'conflict')).toBe(2);
  });

  it('takes the same words twice where the sender gave no id', async () => {
    const door = open();
    expect(await outcomes(door, envelope('no id'), envelope('no id'))).toEqual(['accepted', 'accepted']);
    await door.close();
  });

  it('writes what comes at once in few batches, each receipt with its number, and counts the same', async () => {
    const door = open();
    const posts = Array.from({ length: 700 }, (_, i) => door.accept([envelope(`post ${i}`, `c${i}`)]));
    const answers = (await Promise.all(posts)).flat();
    expect(new Set(answers.map((a) => a.id)).size).toBe(700);
    door.refuse('invalid', 3);
    await door.close();
    const receipts = await staging.receiptsOf(door.run).toArray();
    expect(receipts.map((r) => r.seq)).toEqual(receipts.map((_, i) => i));
    expect(receipts.length).toBeLessThan(20);
    expect(receipts.every((r) => r.state === 'closed')).toBe(true);
    expect(await sumOf(door.run, 'accepted')).toBe(700);
    expect(await sumOf(door.run, 'refused')).toBe(3);
    expect(door.tally()).toEqual({ read: 703, accepted: 700, repeated: 0, conflict: 0, refused: 3 });
  });

  it('splits a batch that is larger than a receipt', async () => {
    const door = open();
    const answers = await door.accept(Array.from({ length: 600 }, (_, i) => envelope(`item ${i}`)));
    expect(answers).toHaveLength(600);
    await door.close();
    expect((await staging.receiptsOf(door.run).toArray()).map((r) => r.counts?.accepted)).toEqual([
      256, 256, 88,
    ]);
  });

  it('accepts once what the first try wrote before its connection broke', async () => {
    let broken = 0;
    const flaky = {
      ...staging,
      async insert(records: Parameters<typeof staging.insert>[0]) {
        const there = await staging.insert(records);
        if (broken++ === 0)
          throw Object.assign(new Error('connection closed'), { name: 'MongoNetworkError' });
        return there;
      },
    };
    const door = open({ store: flaky });
    expect(await outcomes(door, envelope('one', 'd1'), envelope('without an id'))).toEqual([
      'accepted',
      'accepted',
    ]);
    await door.close();
    expect(broken).toBeGreaterThanOrEqual(2);
    expect(await store.db.collection('staging').countDocuments({ run: door.run })).toBe(2);
    expect(await sumOf(door.run, 'accepted')).toBe(2);
  });

  it('refuses when it cannot write, and counts what was written all the same when it can again', async () => {
    let down = true;
    const dead = {
      ...staging,
      async insert(records: Parameters<typeof staging.insert>[0]) {
        const there = await staging.insert(records);
        if (down) throw Object.assign(new Error('gone'), { name: 'MongoNetworkError' });
        return there;
      },
    };
    const door = open({ store: dead, patienceMs: 1 });
    await expect(door.accept([envelope('unanswered', 'e1')])).rejects.toThrow('gone');
    down = false;
    expect(await outcomes(door, envelope('unanswered', 'e1'))).toEqual(['repeated']);
    await door.close();
    expect(await sumOf(door.run, 'accepted')).toBe(1);
    expect(await sumOf(door.run, 'repeated')).toBe(1);
    expect(door.tally()).toEqual({ read: 2, accepted: 1, repeated: 1, conflict: 0, refused: 0 });
    expect((await staging.receiptsOf(door.run).toArray())[0]).toMatchObject({ recovered: true });
  });

  it('stays closed when a try that was given up as too slow arrives after all', async () => {
    const door = open();
    await door.accept([envelope('one', 'f1')]);
    await door.close();
    const [closed] = await staging.receiptsOf(door.run).toArray();
    const { counts: _, ...late } = closed as NonNullable<typeof closed>;
    await staging.openReceipt({ ...late, state: 'open' });
    expect(await staging.receiptsOf(door.run).toArray()).toEqual([closed]);
  });
});
