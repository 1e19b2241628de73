import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCipher } from '../../src/governance/cipher.js';
import { createRuns, recoverRuns } from '../../src/operations/runs.js';
import { operationsStore } from '../../src/operations/store.js';
import { type DoorsDeps, openDoors } from '../../src/staging/doors.js';
import { reportKeyDrift } from '../../src/staging/drift.js';
import { stagingStore } from '../../src/staging/store.js';
import { testStore } from '../support/stores.js';
import { envelope, posted } from './envelopes.js';

const cipher = createCipher({ encryption: new Map([[1, Buffer.alloc(32, 1)]]), hash: Buffer.alloc(32) });
const feed = { name: 'api', source: 'api', lane: 'live' } as const;
let store: Awaited<ReturnType<typeof testStore>>;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store.drop());

function setup(clock: { now: Date }) {
  const operations = operationsStore(store);
  const staging = stagingStore(store);
  const now = () => clock.now;
  const runs = createRuns({ store: operations, software: 'test', now, log: () => {} });
  const drift: DoorsDeps['drift'] = (look) => reportKeyDrift({ store, ...look });
  const doors = openDoors({ store: staging, cipher, now, runs, drift, onReceipt: () => {} });
  return { operations, staging, runs, doors };
}

describe('the doors of live feeds', () => {
  it('begin a new run with the day, and end the old one with what it answered', async () => {
    const clock = { now: new Date('2026-11-24T23:59:59Z') };
    const { operations, doors, runs } = setup(clock);
    await Promise.all([doors.accept(feed, [envelope('late')]), doors.accept(feed, [envelope('late too')])]);
    clock.now = new Date('2026-11-25T00:00:01Z');
    await Promise.all([doors.accept(feed, [envelope('early')]), doors.refuse(feed, 'invalid')]);
    await doors.close();
    runs.close();
    const [today, yesterday] = await operations.recentRuns(5);
    expect(yesterday).toMatchObject({
      name: 'api 2026-11-24',
      status: 'success',
      counts: { read: 2, accepted: 2 },
    });
    expect(today).toMatchObject({
      name: 'api 2026-11-25',
      status: 'success',
      counts: { read: 2, accepted: 1, refused: 1 },
    });
  });

  it('tell on their run which keys of the posts are new or gone', async () => {
    const clock = { now: new Date('2026-11-18T10:00:00Z') };
    const { operations, doors, runs } = setup(clock);
    const other = { ...feed, name: 'sms' };
    const posts = (key: string, day: string) =>
      Array.from({ length: 60 }, (_, i) => posted({ [key]: 'Aba', branch: 'x' }, `${day}-${i}`));
    await doors.accept(other, posts('city', '26'));
    clock.now = new Date('2026-11-19T10:00:00Z');
    await doors.accept(other, posts('town_name', '27'));
    clock.now = new Date('2026-11-20T10:00:00Z');
    await doors.accept(other, [posted({ other: 'x' }, 'one')]);
    await doors.close();
    runs.close();
    const [few, changed, first] = (await operations.recentRuns(9)).filter((r) => r.feed === 'sms');
    expect([few?.status, first?.status]).toEqual(['success', 'success']);
    expect(changed).toMatchObject({ status: 'partial', cause: 'drift', counts: { accepted: 60 } });
    expect(changed?.drift?.map((d) => `${d.kind} ${d.column}`)).toEqual(['renamed_column town_name']);
  });

  it('are made whole after their process went away: receipts closed by counting, the run given up', async () => {
    const clock = { now: new Date() };
    const { operations, staging, doors, runs } = setup(clock);
    await doors.accept(feed, [envelope('before the crash', 'x1')]);
    const [run] = await operations.recentRuns(1);
    const id = run?._id ?? '';
    // What a kill between the records and the closing of their receipt leaves.
    await store.db
      .collection<{ _id: string }>('receipts')
      .updateOne({ _id: `${id}.0000000` }, { $set: { state: 'open' }, $unset: { counts: '' } });
    runs.close();
    await store.db
      .collection<{ _id: string }>('runs')
      .updateOne({ _id: id }, { $set: { aliveAt: new Date(0) } });
    const alarms = { raise: async () => {}, resolve: async () => {} };
    const deps = { operations, staging, alarms, now: () => clock.now, log: () => {} };
    expect(await recoverRuns(deps)).toBe(1);
    expect(await recoverRuns(deps)).toBe(0);
    expect(await operations.run(id)).toMatchObject({ status: 'failed', cause: 'interrupted' });
    expect((await staging.receiptsOf(id).toArray())[0]).toMatchObject({
      state: 'closed',
      recovered: true,
      counts: { read: 1, accepted: 1 },
    });
  });
});
