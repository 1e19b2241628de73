import { MongoClient } from 'mongodb';
import type { StagingRecord } from '../../src/staging/record.js';
import { serve } from '../process/rpc.js';
import { type BareLoad, copiesOf, freshCollection, insertAll } from './bare.js';
import { bodiesOf, type HttpLoad, postAll } from './http.js';

/** What a load took here: `cpuMicros` is this process's own. */
export type Taken = { readonly seconds: number; readonly cpuMicros: number };

const SAMPLES = 500;

let client: MongoClient | undefined;
let database = '';
const db = (name: string) => {
  if (!client) throw new Error('bench: the load is not connected');
  return client.db(name, { writeConcern: { w: 1, journal: true } });
};

async function clocked(work: () => Promise<void>): Promise<Taken> {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuMicros: user + system };
}

const handlers = {
  /** Connects to the engine that the service uses. */
  async connect(argument: { readonly uri: string; readonly database: string }) {
    client = new MongoClient(argument.uri, { maxPoolSize: 50, ignoreUndefined: true });
    await client.connect();
    database = argument.database;
  },
  /** Posts to the service; only posting is on the clock. */
  http(load: HttpLoad) {
    const bodies = bodiesOf(load);
    return clocked(() => postAll(load, bodies));
  },
  /** Writes copies of what is in staging with the bare driver; only writing is on the clock. */
  async bare(load: BareLoad) {
    const samples = await db(database).collection<StagingRecord>('staging').find().limit(SAMPLES).toArray();
    if (samples.length === 0) throw new Error('bench: staging is empty, nothing tells what to write');
    const documents = copiesOf(samples, load.n);
    const collection = await freshCollection(db('bench_bare'), load.indexed);
    const taken = await clocked(() => insertAll(collection, documents, load));
    const written = await collection.countDocuments();
    if (written !== load.n) throw new Error(`bench: ${written} of ${load.n} documents were written`);
    return taken;
  },
  staged: () => db(database).collection('staging').countDocuments(),
  async close() {
    await client?.close();
  },
};
export type LoadHandlers = typeof handlers;

serve(handlers);
