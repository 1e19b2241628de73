import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';
import type { ApiKey } from './keys.js';

/** The one file of governance that speaks MongoDB: API keys. */
export function keyStore(store: Store) {
  const keys = store.collection<ApiKey>('keys');
  return {
    put: (key: ApiKey) =>
      steady(() => keys.replaceOne({ _id: key._id }, key, { upsert: true })).then(() => undefined),
    find: (id: string) => steady(() => keys.findOne({ _id: id })),
    list: () => steady(() => keys.find().sort({ createdAt: 1 }).toArray()),
    any: async () => (await steady(() => keys.findOne({}, { projection: { _id: 1 } }))) !== null,
    /** False if there is no such living key. */
    revoke: async (id: string, at: Date) =>
      (
        await steady(() =>
          keys.updateOne({ _id: id, revokedAt: { $exists: false } }, { $set: { revokedAt: at } }),
        )
      ).modifiedCount === 1,
  };
}
