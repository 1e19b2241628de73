import { RedressError } from '../../complaint/errors.js';
import type { Store } from '../connect.js';
import { ensureIndexes } from '../indexes.js';
import { steady } from '../steady.js';

export type Migration = {
  readonly number: number;
  readonly name: string;
  /** Idempotent and resumable: may be run again from the start after a crash in its middle. */
  readonly up: (store: Store) => Promise<void>;
};

/** In order, without gaps; a number that shipped is never changed or reused. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'first collections and indexes', up: ensureIndexes },
];

type Meta = { _id: 'schema'; version: number };

/**
 * Brings the data to this code's version, indexes included. Data newer than the code is refused: an older program
 * must not write into it. Two processes at once both end well, as each migration is idempotent.
 */
export async function migrate(
  store: Store,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<{ from: number; to: number }> {
  const meta = store.collection<Meta>('meta');
  const from = (await steady(() => meta.findOne({ _id: 'schema' })))?.version ?? 0;
  const to = migrations.at(-1)?.number ?? 0;
  if (from > to) {
    throw new RedressError(
      'store',
      'data_newer_than_code',
      `The data is at version ${from}, this program knows versions up to ${to}.`,
      'Start the newer program again, or restore a backup made with this one.',
    );
  }
  for (const migration of migrations.filter((m) => m.number > from)) {
    await migration.up(store);
    await steady(() =>
      meta.updateOne({ _id: 'schema' }, { $max: { version: migration.number } }, { upsert: true }),
    );
  }
  await ensureIndexes(store);
  return { from, to };
}
