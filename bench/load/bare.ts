import type { Collection, Db } from 'mongodb';
import { complaintId } from '../../src/complaint/ids.js';
import type { StagingRecord } from '../../src/staging/record.js';
import { INDEXES } from '../../src/store/indexes.js';

export type BareLoad = {
  readonly n: number;
  /** 1 = insertOne, more = unordered insertMany. */
  readonly batch: number;
  readonly concurrency: number;
  /** Whether the collection has the indexes of staging, or `_id` alone. */
  readonly indexed: boolean;
};

/** Documents as staging holds them, with ids of the same form that nobody has. */
export function copiesOf(samples: readonly StagingRecord[], n: number): StagingRecord[] {
  return Array.from({ length: n }, (_, i) => {
    const sample = samples[i % samples.length] as StagingRecord;
    return { ...sample, _id: complaintId({ feed: sample.feed, identity: { kind: 'none' }, content: [] }) };
  });
}

/** An empty collection with the write concern of the product. */
export async function freshCollection(db: Db, indexed: boolean): Promise<Collection<StagingRecord>> {
  const name = indexed ? 'indexed' : 'plain';
  await db.dropCollection(name).catch(() => {});
  const collection = await db.createCollection<StagingRecord>(name, {
    writeConcern: { w: 1, journal: true },
  });
  const specs = INDEXES.filter((i) => i.collection === 'staging').map(({ key }) => ({ key }));
  if (indexed) await collection.createIndexes(specs);
  return collection;
}

/** Inserts everything, `concurrency` operations at a time. */
export async function insertAll(
  collection: Collection<StagingRecord>,
  documents: StagingRecord[],
  { batch, concurrency }: Pick<BareLoad, 'batch' | 'concurrency'>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < documents.length) {
      const from = next;
      next += batch;
      if (batch === 1) await collection.insertOne(documents[from] as StagingRecord);
      else await collection.insertMany(documents.slice(from, from + batch), { ordered: false });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}
