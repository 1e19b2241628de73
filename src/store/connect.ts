import { type Collection, type Db, type Document, MongoClient } from 'mongodb';
import { RedressError } from '../complaint/errors.js';
import { watchConnections } from './watchdog.js';

export type Topology = 'standalone' | 'replica_set' | 'sharded';

/** The database as every stage's `store.ts` gets it. */
export type Store = {
  readonly topology: Topology;
  readonly serverVersion: string;
  /** A collection whose writes are durable when acknowledged (law 1): see `durable`. */
  collection<T extends Document>(name: string): Collection<T>;
  readonly db: Db;
  /** Resolves when the server answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

/**
 * The one place that chooses the write concern. On the single embedded engine only `{w: 1, j: true}` survives a
 * kill -9 (`majority` was measured to lose acknowledged writes there); elsewhere a majority must have journaled it.
 */
function durable(topology: Topology): { w: number | 'majority'; journal: true } {
  return topology === 'standalone' ? { w: 1, journal: true } : { w: 'majority', journal: true };
}

/** Connects and finds out the topology. `uri` never appears in errors: it may hold a password. */
export async function connectStore(uri: string, database: string): Promise<Store> {
  let client: MongoClient;
  try {
    // The engine may be restarting: operations wait this long for it to come back before they fail.
    client = new MongoClient(uri, {
      serverSelectionTimeoutMS: 15_000,
      ignoreUndefined: true,
      maxPoolSize: 50,
    });
    await client.connect();
  } catch (error) {
    throw new RedressError(
      'store',
      'mongodb_unreachable',
      `MongoDB does not answer (${(error as Error).name}).`,
      'Check MONGODB_URI and that the server is up; `redress doctor` shows what is configured.',
      { cause: error },
    );
  }
  const watchdog = watchConnections(client);
  const hello = await client.db('admin').command({ hello: 1 });
  const topology: Topology =
    hello.msg === 'isdbgrid' ? 'sharded' : hello.setName ? 'replica_set' : 'standalone';
  const db = client.db(database, { writeConcern: durable(topology) });
  const { version } = await db.command({ buildInfo: 1 });
  return {
    topology,
    serverVersion: String(version),
    db,
    collection: (name) => db.collection(name),
    ping: async () => void (await db.command({ ping: 1 })),
    async close() {
      watchdog.stop();
      await client.close();
    },
  };
}
