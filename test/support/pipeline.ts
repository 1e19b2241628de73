import { setTimeout as sleep } from 'node:timers/promises';
import type { Envelope } from '../../src/complaint/envelope.js';
import { createCipher } from '../../src/governance/cipher.js';
import { goldStore } from '../../src/gold/store.js';
import { startInference } from '../../src/inference/pool.js';
import type { Inference } from '../../src/inference/port.js';
import { readLedger } from '../../src/operations/ledger/ledger.js';
import { ledgerStore } from '../../src/operations/ledger/store.js';
import { createRuns } from '../../src/operations/runs.js';
import { operationsStore } from '../../src/operations/store.js';
import { modelDir } from '../../src/paths.js';
import { deskOf } from '../../src/routing/desk.js';
import type { DrainDeps } from '../../src/routing/drain.js';
import { drain } from '../../src/routing/drain.js';
import { loadRouting } from '../../src/routing/rules.js';
import { routingStore } from '../../src/routing/store.js';
import { configDir } from '../../src/paths.js';
import { countStaleHours } from '../../src/gold/trends.js';
import { outboxSink } from '../../src/sinks/outbox.js';
import type { Sink } from '../../src/sinks/port.js';
import { sinkStore } from '../../src/sinks/store.js';
import { ticketSink } from '../../src/sinks/tickets.js';
import { openDoor } from '../../src/staging/door.js';
import { stagingStore } from '../../src/staging/store.js';
import { type TransformDeps, transformReceipt } from '../../src/transform/process.js';
import { testStore } from './stores.js';

export type TestPipeline = Awaited<ReturnType<typeof testPipeline>>;

/** The stages put together by hand, without queues and HTTP: a test runs each step when it wants to. */
export async function testPipeline(options: { inference?: Inference } = {}) {
  const store = await testStore();
  const inference =
    options.inference ?? (await startInference({ modelDir: modelDir('baseline-bayes-1'), threads: 1 }));
  const now = () => new Date();
  const staging = stagingStore(store);
  const gold = goldStore(store);
  const deliveries = routingStore(store);
  const sinks = sinkStore(store);
  const operations = operationsStore(store);
  const cipher = createCipher({ encryption: new Map([[1, Buffer.alloc(32, 1)]]), hash: Buffer.alloc(32, 2) });
  const alarms: string[][] = [];
  const alarm = async (...words: string[]) => void alarms.push(words);
  const desk = deskOf(loadRouting(`${configDir}/routing.yaml`), 'outbox');
  const feed = {
    region: 'NG' as const,
    zone: 'Africa/Lagos',
    own: ['beejan', 'beejancares'],
    routeWithinMs: 259_200_000,
    closedStatuses: ['closed'],
    encoding: 'utf-8',
  };
  const transform: TransformDeps = {
    cipher,
    feedOf: () => feed,
    earlier: gold.earlier,
    inference,
    desk: () => desk,
    now,
    staging,
    gold,
    routing: deliveries,
    alarm,
    software: 'test',
  };
  const built: Sink[] = [ticketSink({ store: sinks, now }), outboxSink({ store: sinks, now })];
  const draining: DrainDeps = {
    store: deliveries,
    sinks: new Map(built.map((s) => [s.name, s])),
    complaints: gold.byIds,
    alarm,
    now,
    pause: (ms) => sleep(ms),
    stopping: () => false,
    leaseMs: 60_000,
    lastSend: new Map(),
  };
  const runs = createRuns({ store: operations, software: 'test', now, log: () => {} });
  const receipts: string[] = [];

  return {
    store,
    staging,
    gold,
    deliveries,
    sinks,
    operations,
    cipher,
    alarms,
    transform,
    draining,
    runs,
    inference,
    /** Accepts through a door with a run of its own, and ends the run. */
    async accept(envelopes: Envelope[], feedName = 'api') {
      const run = await runs.start({ kind: 'door', name: 'test', feed: feedName, trigger: 'api' });
      const door = openDoor(
        { run: run._id, feed: feedName, source: 'api', lane: 'live', route: 'auto', firstSeq: 0 },
        { store: staging, cipher, now, onReceipt: (r) => void receipts.push(r) },
      );
      const outcomes = await door.accept(envelopes);
      await door.close();
      await runs.end(run, { status: 'success', counts: door.tally() });
      return { run: run._id, outcomes };
    },
    async transformAll() {
      for (const receipt of receipts.splice(0)) await transformReceipt(receipt, 'live', transform);
    },
    async deliverAll() {
      for (const d of await deliveries.dueDestinations(now()))
        await drain(d, draining, new Date(Date.now() + 60_000));
    },
    countTrends: () => countStaleHours(gold, 1_000),
    ledger: () => readLedger(ledgerStore(store), {}, now),
    async close() {
      runs.close();
      if (!options.inference) await inference.close();
      await store.drop();
    },
  };
}
