import { setTimeout as sleep } from 'node:timers/promises';
import { buildApp } from '../routes/app.js';
import { startDeliverWorker } from '../workers/deliver.js';
import { startInbox } from '../workers/inbox.js';
import { startTick } from '../workers/tick.js';
import { startTransformWorkers } from '../workers/transform.js';
import { RedressError } from './complaint/errors.js';
import { type Core, type CoreOptions, openCore } from './core.js';
import { keyChecker, newKey } from './governance/keys.js';
import type { Inference } from './inference/port.js';
import { startInference } from './inference/pool.js';
import { errorFields } from './log.js';
import { createAlarms } from './operations/alarms.js';
import { createMailer } from './operations/mail.js';
import { createRuns } from './operations/runs.js';
import { tickTasks, watchDisk } from './operations/tick.js';
import { announceWorking } from './operations/working.js';
import { modelDir } from './paths.js';
import { createFeeder } from './queue/feeder.js';
import { type Consumer, openQueues } from './queue/queues.js';
import { deskOf } from './routing/desk.js';
import type { Service } from './service.js';
import { outboxSink } from './sinks/outbox.js';
import type { Sink } from './sinks/port.js';
import { slackSink } from './sinks/slack.js';
import { ticketSink } from './sinks/tickets.js';
import { openDoors } from './staging/doors.js';
import { reportKeyDrift } from './staging/drift.js';
import type { Lane } from './staging/record.js';
import type { EngineEvent } from './store/embedded/index.js';
import { feedPolicy, fingerprintsOf } from './transform/settings.js';

/** How long a delivery may be under way before its outcome counts as unknown. */
const LEASE_MS = 60_000;

export type Running = {
  readonly service: Service;
  /** Address of the HTTP server; undefined without the role `api`. */
  readonly url: string | undefined;
  /** The first API key, on the first start of a data folder only. */
  readonly firstKey: string | undefined;
  /** Ordered stop: doors, workers, inference, queues, database, engines. Idempotent. */
  stop(): Promise<void>;
};

/** Undoes what was started, last first; every part gets its turn whatever the others do. */
class Undo {
  readonly #steps: (() => Promise<void> | void)[] = [];
  push(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

function sinksOf(core: Core): Map<string, Sink> {
  const { slack, operator } = core.config;
  const { sinks: store, now } = core;
  const built: Sink[] = [ticketSink({ store, now }), outboxSink({ store, now })];
  if (slack.botToken !== undefined) {
    const spacingMs = 1_000 / slack.messagesPerSecond;
    const { botToken: token, apiUrl, timeout: timeoutMs } = slack;
    built.push(slackSink({ token, apiUrl, zone: operator.zone, spacingMs, timeoutMs }));
  }
  return new Map(built.map((sink) => [sink.name, sink]));
}

async function firstKeyOf(core: Core): Promise<string | undefined> {
  if (await core.keys.any()) return undefined;
  const { key, token } = newKey('first', ['admin'], core.now());
  await core.keys.put(key);
  await core.operations.audit({ at: core.now(), by: 'redress', action: 'key_created', target: key._id });
  return token;
}

/** Starts the service with the roles configured. A start that fails half way leaves nothing running. */
export async function startService(options: Omit<CoreOptions, 'owner'>): Promise<Running> {
  const undo = new Undo();
  try {
    return await start(options, undo);
  } catch (error) {
    await undo.run().catch(() => {});
    throw error;
  }
}

async function start(options: Omit<CoreOptions, 'owner'>, undo: Undo): Promise<Running> {
  let stopping = false;
  const { roles } = options.config;
  const has = (role: (typeof roles)[number]) => roles.includes(role);
  let engineEvent: (event: EngineEvent) => void = () => {};
  const core = await openCore({ ...options, owner: 'service', onEngine: (event) => engineEvent(event) });
  undo.push(() => core.close());
  const { config, log, now, staging, operations } = core;

  const mailer = createMailer({
    smtpUrl: config.mail.smtpUrl,
    from: config.mail.from,
    keep: (m) => core.sinks.putOutbox([{ ...m, kind: 'mail', createdAt: now() }]),
  });
  undo.push(() => mailer.close());
  const alarms = createAlarms({
    store: operations,
    mailer,
    operators: config.mail.operators,
    now,
    log: (event, fields) => log('warn', event, fields),
  });
  engineEvent = (event) => {
    log(stopping || event.event === 'started' ? 'info' : 'warn', 'engine', {
      engine: event.engine,
      what: event.event,
      pid: event.pid,
    });
    options.onEngine?.(event);
    if (event.event === 'gave_up') void alarms.raise('engine_down', event.engine, event.detail);
    if (event.event === 'respawned') void alarms.resolve('engine_down', event.engine);
  };

  const queues = openQueues({
    redis: core.redis,
    prefix: config.stores.queuePrefix,
    concurrency: { 'transform-live': config.transform.concurrency },
    onError: (where, error) => log('warn', 'queue_error', { where, ...errorFields(error) }),
  });
  undo.push(() => queues.close());
  const feeder = createFeeder({
    queues,
    staging,
    now,
    onError: (error) => log('warn', 'queue_error', { where: 'feeder', ...errorFields(error) }),
  });
  const disk = watchDisk({ folder: config.data.dir, minFreeMb: config.disk.minFreeMb, alarms });
  undo.push(() => disk.stop());

  const runs = createRuns({ store: operations, software: core.software, now, log });
  undo.push(() => runs.close());

  let inference: Inference | undefined;
  const consumers: Consumer[] = [];
  if (has('workers')) {
    const model = await startInference({
      modelDir: modelDir(config.inference.model),
      threads: config.inference.threads,
      onEvent: (event) => log(event.kind === 'thread_started' ? 'debug' : 'warn', 'inference', { ...event }),
    });
    inference = model;
    undo.push(() => model.close());
    const sinks = sinksOf(core);
    undo.push(async () => {
      for (const sink of sinks.values()) await sink.close();
    });
    const desk = deskOf(core.routing, sinks.has('slack') ? 'slack' : 'outbox');
    // A start means that somebody has looked: what was stopped for a wrong channel or token is tried again.
    for (const { _id } of await core.deliveries.stopped()) {
      await core.deliveries.resume(_id);
      await alarms.resolve('destination_stopped', _id);
    }
    const transform = {
      cipher: core.cipher,
      feedOf: (name: string) => feedPolicy(core, name),
      earlier: core.gold.earlier,
      inference: model,
      desk: () => desk,
      now,
      staging,
      gold: core.gold,
      routing: core.deliveries,
      alarm: alarms.raise,
      software: core.software,
    };
    const drain = {
      store: core.deliveries,
      sinks,
      complaints: core.gold.byIds,
      alarm: alarms.raise,
      now,
      pause: (ms: number) => sleep(ms),
      stopping: () => stopping,
      leaseMs: LEASE_MS,
      lastSend: new Map<string, number>(),
    };
    const working = await announceWorking(fingerprintsOf(core), { store: operations, now });
    undo.push(() => working.close());
    consumers.push(...startTransformWorkers({ queues, feeder, transform, log }));
    consumers.push(startDeliverWorker({ queues, drain, log }));
  }
  if (has('scheduler')) {
    const tasks = tickTasks({
      feeder,
      queues,
      deliveries: core.deliveries,
      gold: core.gold,
      operations,
      staging,
      alarms,
      now,
      log,
    });
    consumers.push(await startTick({ queues, tasks, now, log }));
    consumers.push(startInbox({ core, runs, queues, alarms, mayTake: () => !stopping && !disk.low() }));
  }
  undo.push(async () => {
    await Promise.all(consumers.map((c) => c.close()));
  });

  const doors = openDoors({
    drift: (look) => reportKeyDrift({ store: core.store, ...look }),
    store: staging,
    cipher: core.cipher,
    now,
    runs,
    onReceipt: (receipt: string, lane: Lane) => feeder.hint(receipt, lane),
  });
  undo.push(() => doors.close());
  const service: Service = {
    ...core,
    doors,
    queues,
    alarms,
    inference,
    keyChecker: keyChecker({ find: core.keys.find, now }),
    closedBecause: () => (stopping ? 'stopping' : disk.low() ? 'disk_low' : undefined),
  };
  let url: string | undefined;
  if (has('api')) {
    const app = await buildApp(service);
    undo.push(() => app.close());
    url = await listen(app, config.http);
  }
  // First of all at the stop: what waits for a label is given back, else every job under way would be waited for.
  undo.push(async () => void inference?.close());
  // After the port is ours: the first key is shown once, so a start that fails must not use it up.
  const firstKey = has('api') ? await firstKeyOf(core) : undefined;
  log('info', 'started', {
    software: core.software,
    roles,
    stores: core.storesFrom,
    model: inference?.model.id,
  });

  let stopped: Promise<void> | undefined;
  return {
    service,
    url,
    firstKey,
    stop() {
      stopping = true;
      stopped ??= undo.run().then(() => log('info', 'stopped'));
      return stopped;
    },
  };
}

async function listen(
  app: { listen(options: { host: string; port: number }): Promise<string> },
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is taken by another program' : `can't be listened on (${code})`;
    const problem = `Address ${host}:${port} ${why}.`;
    throw new RedressError(
      'http',
      'port_unavailable',
      problem,
      'Choose another with --port or REDRESS_HTTP_PORT.',
      {
        cause: error,
      },
    );
  }
}
