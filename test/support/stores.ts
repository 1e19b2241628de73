import { randomBytes } from 'node:crypto';
import { connectStore, type Store } from '../../src/store/connect.js';
import { migrate } from '../../src/store/migrations/index.js';

export const mongodbUri = (): string => process.env.TEST_MONGODB as string;
export const redisAddress = (): string => process.env.TEST_REDIS as string;
/** A name no other test file has: for a database, a queue prefix. */
export const uniqueName = (): string => `test_${randomBytes(6).toString('hex')}`;

/** A migrated database of this file's own; dropped by `drop`, which refuses any other name. */
export async function testStore(): Promise<Store & { drop(): Promise<void> }> {
  const name = uniqueName();
  const store = await connectStore(mongodbUri(), name);
  await migrate(store);
  return {
    ...store,
    async drop() {
      if (!store.db.databaseName.startsWith('test_'))
        throw new Error(`not a test database: ${store.db.databaseName}`);
      await store.db.dropDatabase();
      await store.close();
    },
  };
}
