import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../src/config.js';
import { type Running, startService } from '../../src/main.js';
import { deskOf } from '../../src/routing/desk.js';
import { readEnginesFile } from '../../src/store/embedded/engines-file.js';
import { serve } from '../process/rpc.js';
import { cpuMicrosOf, rssMiBOf } from '../process/usage.js';

export type StartArgument = {
  readonly dataDir: string;
  readonly configDir: string;
  /** With commas, as in settings. */
  readonly roles: string;
};
/** CPU µs used so far. `service` is this process with all its threads. */
export type Cpu = { readonly service: number; readonly mongod: number; readonly redis: number };

const POLL_MS = 250;
/** Nothing of the bench takes this long; a number that never comes must not hang it. */
const PATIENCE_MS = 600_000;
const FAR = new Date('2999-01-01');

let running: Running | undefined;
let dataDir = '';
/** Engines that end while the service stops are logged as warnings; here they are expected. */
let stopping = false;

const service = () => {
  if (!running) throw new Error('bench: the service is not started');
  return running.service;
};

function pids(): { mongodb: number; redis: number } {
  const { mongodb, redis } = readEnginesFile(dataDir)?.pids ?? {};
  if (mongodb === undefined || redis === undefined) throw new Error('bench: engines.json names no processes');
  return { mongodb, redis };
}

function cpu(): Cpu {
  const { user, system } = process.cpuUsage();
  const { mongodb, redis } = pids();
  return { service: user + system, mongod: cpuMicrosOf(mongodb), redis: cpuMicrosOf(redis) };
}

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  const giveUp = Date.now() + PATIENCE_MS;
  while (!(await done())) {
    if (Date.now() > giveUp) throw new Error(`bench: ${what} took longer than ${PATIENCE_MS / 1_000} s`);
    await sleep(POLL_MS);
  }
}

function destinations(): string[] {
  const { routing } = service();
  const desk = deskOf(routing, 'outbox');
  const all = Object.keys(routing.teams).flatMap((team) => desk.destinations(team));
  return [...new Set(all.map(({ sink, target }) => `${sink}:${target}`))];
}

const handlers = {
  /** `cpu` is what had been used when the start was over: consumers have just begun then. */
  async start(argument: StartArgument) {
    dataDir = argument.dataDir;
    let begun: Cpu | undefined;
    const write = (line: string) => {
      const { level, event } = JSON.parse(line) as { level: string; event: string };
      if (event === 'started') begun = cpu();
      if (level !== 'info' && !stopping) process.stderr.write(line);
    };
    const unlimited = { 'limits.requestsPerMinute': '0', 'limits.itemsPerMinute': '0' };
    // The service is measured, not the model: a small one, which leaves the rest in sight. The model has a bench of its own.
    const small = { 'inference.model': 'baseline-bayes-1' };
    const flags = { 'data.dir': dataDir, 'http.port': '0', roles: argument.roles, ...unlimited, ...small };
    const config = loadConfig({ env: {}, configDir: argument.configDir, flags });
    running = await startService({ config, write });
    const mongodbUri = readEnginesFile(dataDir)?.mongodbUri ?? '';
    const { url = '', firstKey = '' } = running;
    return { url, firstKey, mongodbUri, database: config.stores.mongodbDatabase, cpu: begun ?? cpu() };
  },
  cpu,
  /** MiB; the heap after a full collection. */
  memory() {
    const collect = (globalThis as { gc?: () => void }).gc;
    collect?.();
    collect?.();
    const { rss, heapUsed } = process.memoryUsage();
    const { mongodb, redis } = pids();
    return {
      service: rss / 2 ** 20,
      heap: heapUsed / 2 ** 20,
      mongod: rssMiBOf(mongodb),
      redis: rssMiBOf(redis),
    };
  },
  /** Until no record waits to be transformed. */
  async transformed() {
    await until('the transform', async () => (await service().staging.waitingCount()) === 0);
  },
  /** From now on nothing is sent; what is decided waits. */
  async hold() {
    for (const d of destinations()) await service().deliveries.hold(d, FAR);
  },
  async release() {
    const { deliveries, queues } = service();
    for (const destination of destinations()) {
      await deliveries.resume(destination);
      await queues.add('deliver', destination, { destination });
    }
  },
  /** Until no delivery waits; how many were delivered. */
  async delivered() {
    let sent = 0;
    await until('the delivery', async () => {
      const {
        delivered = 0,
        pending = 0,
        sending = 0,
        unknown = 0,
      } = await service().deliveries.countByState();
      sent = delivered;
      return pending + sending + unknown === 0;
    });
    return sent;
  },
  complaints: () => service().gold.count({}, 10_000_000),
  async stop() {
    stopping = true;
    await running?.stop();
    running = undefined;
  },
};
export type ServiceHandlers = typeof handlers;

serve(handlers);
