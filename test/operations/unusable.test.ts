import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Run } from '../../src/operations/run.js';
import { operationsStore } from '../../src/operations/store.js';
import { checkUnusable } from '../../src/operations/unusable.js';
import { stagingStore } from '../../src/staging/store.js';
import { testStore } from '../support/stores.js';

let store: Awaited<ReturnType<typeof testStore>>;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store.drop());

const NOW = new Date('2026-11-25T12:00:00Z');
const raised: string[][] = [];

const check = () =>
  checkUnusable({
    operations: operationsStore(store),
    staging: stagingStore(store),
    now: () => NOW,
    alarms: {
      raise: async (kind, subject, detail) => {
        raised.push(['raise', kind, subject, detail]);
        await store.collection('alarms').insertOne({ _id: `${kind}:${subject}`, state: 'open' } as never);
      },
      resolve: async (kind, subject) => {
        raised.push(['resolve', kind, subject]);
        await store.collection('alarms').deleteOne({ _id: `${kind}:${subject}` as never });
      },
    },
  });

async function imported(run: string, endedAt: string, rows: number, unusable: number): Promise<void> {
  const about = { kind: 'import', feed: 'calls', name: 'calls.csv', status: 'success' };
  const counts = { read: rows, accepted: rows, repeated: 0, conflict: 0, refused: 0 };
  const startedAt = new Date('2026-11-24T23:50:00Z');
  await store
    .collection<Run>('runs')
    .insertOne({ _id: run, ...about, counts, startedAt, endedAt: new Date(endedAt) } as unknown as Run);
  const records = Array.from({ length: rows }, (_, i) => ({
    _id: `${run}-${i}`,
    run,
    feed: 'calls',
    day: i % 2 === 0 ? '2026-11-24' : '2026-11-25',
    status: i < unusable ? 'quarantined' : 'transformed',
  }));
  await store.collection('staging').insertMany(records as never);
}

describe('rows of the newest import that can not be used', () => {
  it('raise an alarm when they are many, once, and take it back when they are gone', async () => {
    await imported('r1', '2026-11-25T08:00:00Z', 100, 9);
    await check();
    expect(raised).toEqual([]);
    await imported('r2', '2026-11-25T09:00:00Z', 100, 12);
    await check();
    await check();
    expect(raised).toEqual([
      ['raise', 'rows_unusable', 'calls', "12 of 100 rows of calls.csv into calls (run r2) can't be used"],
    ]);
    await store.collection('staging').updateMany({ run: 'r2' } as never, { $set: { status: 'transformed' } });
    await check();
    expect(raised.at(-1)).toEqual(['resolve', 'rows_unusable', 'calls']);
  });

  it('say nothing of a small part of a large file, nor of an import of long ago', async () => {
    raised.length = 0;
    await imported('r3', '2026-11-25T10:00:00Z', 200, 15);
    await imported('r0', '2026-11-20T10:00:00Z', 20, 20);
    await check();
    expect(raised).toEqual([]);
  });
});
