import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stagingStore } from '../../src/staging/store.js';
import { testStore } from '../support/stores.js';

let store: Awaited<ReturnType<typeof testStore>>;
beforeAll(async () => {
  store = await testStore();
  await store.db.collection('staging').createIndex({ receipt: 1, status: 1 });
});
afterAll(() => store.drop());

const RECORDS = 256;
const ROUNDS = 20;

// After a crash the transform may be at work on the very receipt that is counted: its records move in the index.
describe('the count of a receipt', () => {
  it.each([
    ['transformed', 'received'],
    ['quarantined', 'received'],
    ['received', 'quarantined'],
  ])('is right while its records become %s', async (to, from) => {
    const staging = store.db.collection('staging');
    const { countReceipt } = stagingStore(store);
    for (let round = 0; round < ROUNDS; round += 1) {
      const receipt = `${to}-${round}`;
      const ids = Array.from({ length: RECORDS }, (_, i) => `${receipt}-${i}`);
      await staging.insertMany(
        ids.map((_id) => ({ _id, receipt, status: from, raw: 'x'.repeat(600) })) as never,
      );
      let moving = true;
      const moved = staging
        .bulkWrite(
          ids.map((_id) => ({
            updateOne: {
              filter: { _id } as never,
              update: { $set: { status: to, detail: 'x'.repeat(400) } },
            },
          })),
          { ordered: false },
        )
        .finally(() => {
          moving = false;
        });
      const counts = new Set<number>();
      while (moving) counts.add((await countReceipt(receipt)).accepted);
      await moved;
      expect([...counts, (await countReceipt(receipt)).accepted].filter((n) => n !== RECORDS)).toEqual([]);
    }
  });
});
