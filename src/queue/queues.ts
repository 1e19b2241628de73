import { createHash } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { JOB_OPTIONS, type Payload, QUEUES, type QueueName, WORKER_OPTIONS } from './catalogue.js';

export type Queues = {
  /** Adds a job unless one with this key waits or runs; the key is part of the job id. */
  add<Q extends QueueName>(name: Q, key: string, payload: Payload<Q>): Promise<void>;
  /** Jobs waiting (not running). */
  waiting(name: QueueName): Promise<number>;
  /** A job every `everyMs`, one at a time, however many processes ask for it. */
  every(name: 'tick', everyMs: number): Promise<void>;
  /** Starts a consumer; payloads that do not fit the catalogue are reported and dropped. */
  work<Q extends QueueName>(name: Q, handler: (payload: Payload<Q>) => Promise<void>): Consumer;
  version(): Promise<string>;
  close(): Promise<void>;
};
export type Consumer = { close(): Promise<void> };

export type QueueOptions = {
  /** `redis://...` or the path of a Unix socket. */
  readonly redis: string;
  readonly prefix: string;
  readonly concurrency?: Partial<Record<QueueName, number>>;
  readonly onError: (where: string, error: Error) => void;
};

/** A schedule is registered anew this often; the same one again changes nothing. */
const SCHEDULE_AGAIN_MS = 5_000;

/** Job ids allow no colon and not only digits; whatever the key, this is a valid one. */
const jobId = (key: string): string =>
  /^[\w-]{1,80}$/.test(key) && /\D/.test(key)
    ? key
    : `k-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;

/** Opens the queues; connections are made when first used and closed by `close`. */
export function openQueues(options: QueueOptions): Queues {
  const settings = {
    maxRetriesPerRequest: null,
    retryStrategy: (n: number) => Math.min(50 * 2 ** n, 2_000),
  };
  const connect = () =>
    options.redis.startsWith('/')
      ? new Redis({ ...settings, path: options.redis })
      : new Redis(options.redis, settings);
  const shared = connect();
  shared.on('error', (error: Error) => options.onError('redis', error));
  const connections: Redis[] = [shared];
  const queues = new Map<QueueName, Queue>();
  const workers = new Set<Worker>();
  const timers: NodeJS.Timeout[] = [];

  const queue = (name: QueueName): Queue => {
    const known = queues.get(name);
    if (known) return known;
    const made = new Queue(name, {
      connection: shared,
      prefix: options.prefix,
      defaultJobOptions: JOB_OPTIONS,
    });
    made.on('error', (error) => options.onError(name, error));
    queues.set(name, made);
    return made;
  };

  return {
    async add(name, key, payload) {
      await queue(name).add(name, QUEUES[name].payload.parse(payload), { jobId: jobId(key) });
    },
    waiting: (name) => queue(name).getWaitingCount(),
    async every(name, everyMs) {
      const register = () =>
        queue(name).upsertJobScheduler(name, { every: everyMs }, { name, data: {}, opts: JOB_OPTIONS });
      await register();
      // A Redis that was restarted or emptied has forgotten its schedules and tells nobody: say it again and again.
      const again = () => void register().catch((error: Error) => options.onError(name, error));
      shared.on('ready', again);
      timers.push(setInterval(again, SCHEDULE_AGAIN_MS).unref());
    },
    work(name, handler) {
      const connection = connect();
      connections.push(connection);
      const worker = new Worker(
        name,
        async (job) => handler(QUEUES[name].payload.parse(job.data) as Payload<typeof name>),
        {
          ...WORKER_OPTIONS,
          connection,
          prefix: options.prefix,
          concurrency: options.concurrency?.[name] ?? QUEUES[name].concurrency,
        },
      );
      worker.on('error', (error) => options.onError(name, error));
      worker.on('failed', (_job, error) => options.onError(name, error));
      workers.add(worker);
      return {
        async close() {
          await worker.close();
          workers.delete(worker);
        },
      };
    },
    version: async () => /redis_version:(\S+)/.exec(await shared.info('server'))?.[1] ?? 'unknown',
    async close() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([...workers].map((w) => w.close()));
      await Promise.all([...queues.values()].map((q) => q.close()));
      for (const c of connections) if (c.status !== 'end') c.disconnect();
    },
  };
}
