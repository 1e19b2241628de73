import fp from 'fastify-plugin';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { QUEUES, type QueueName } from '../src/queue/catalogue.js';
import type { Service } from '../src/service.js';
import type { App } from './context.js';
import { type Probe, probe } from './probe.js';

export type Metrics = {
  /** Counts what a door said. `feed` must be a configured one: labels must not grow with what is sent. */
  door(feed: string, outcome: 'accepted' | 'repeated' | 'conflict' | 'refused', times?: number): void;
  /** Counts what an API key used of its limits, or was refused. */
  key(key: string, what: 'requests' | 'items', answer: 'passed' | 'limited', times: number): void;
};

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics;
  }
}

/** A scrape must come back whatever the stores do, ms. */
const PATIENCE_MS = 2_000;
/** Counting deliveries reads an index whole; scrapes in between get the same number, ms. */
const FRESH_MS = 15_000;

const HELP = {
  redress_queue_waiting: 'Jobs waiting in Redis, by queue.',
  redress_deliveries: 'Deliveries, by state.',
  redress_records: 'Records in staging that wait, by status.',
} as const;

/** A gauge of what the stores say, or of nothing: no data is neither zero nor green. */
function gauge(
  register: Registry,
  name: keyof typeof HELP,
  label: string,
  read: Probe<Record<string, number>>,
): void {
  new Gauge<string>({
    name,
    help: HELP[name],
    labelNames: [label],
    registers: [register],
    async collect() {
      const found = await read();
      this.reset();
      if (found.ok) for (const [value, n] of Object.entries(found.value)) this.set({ [label]: value }, n);
    },
  });
}

function storeGauges(register: Registry, { queues, deliveries, staging }: Service): void {
  const options = { patienceMs: PATIENCE_MS, freshMs: FRESH_MS };
  const names = Object.keys(QUEUES) as QueueName[];
  const waiting = async () =>
    Object.fromEntries(await Promise.all(names.map(async (q) => [q, await queues.waiting(q)] as const)));
  const states = async (): Promise<Record<string, number>> => await deliveries.countByState();
  const received = async () => ({ received: await staging.waitingCount() });
  gauge(register, 'redress_queue_waiting', 'queue', probe(waiting, options));
  gauge(register, 'redress_deliveries', 'state', probe(states, options));
  gauge(register, 'redress_records', 'status', probe(received, options));
}

/** Prometheus metrics with a registry of this app's own, and `GET /metrics`. */
export const metrics = fp<{ service: Service }>(async (app, { service }) => {
  const register = new Registry();
  collectDefaultMetrics({ register });
  storeGauges(register, service);
  const doors = new Counter({
    name: 'redress_complaints_total',
    help: 'What the doors of this process said, by feed and outcome.',
    labelNames: ['feed', 'outcome'],
    registers: [register],
  });
  const keys = new Counter({
    name: 'redress_key_total',
    help: 'Requests and items of each API key (its public part): passed, or limited (429).',
    labelNames: ['key', 'what', 'answer'],
    registers: [register],
  });
  const requests = new Histogram({
    name: 'redress_http_request_duration_seconds',
    help: 'Time to answer, by route and status; its count is the number of requests.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10],
    registers: [register],
  });
  app.decorate('metrics', {
    door: (feed, outcome, times = 1) => doors.inc({ feed, outcome }, times),
    key: (key, what, answer, times) => keys.inc({ key, what, answer }, times),
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });

  (app as App).get(
    '/metrics',
    {
      config: { auth: 'read' },
      schema: {
        tags: ['operation'],
        summary: 'Metrics of this process',
        description: 'Prometheus text format. A gauge whose store does not answer is left out, never zero.',
      },
    },
    async (_request, reply) => reply.type(register.contentType).send(await register.metrics()),
  );
});
