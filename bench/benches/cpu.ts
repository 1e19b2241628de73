import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, row, sized } from '../harness.js';
import { startLoad } from '../load/load.js';
import type { Cpu } from '../service/host.js';
import { type Service, withService } from '../service/service.js';
import { makeSite, type Site } from '../site.js';

const PROCESSES = ['service', 'mongod', 'redis'] as const;
const PHASES = ['door', 'transform', 'deliver'] as const;
type Phase = (typeof PHASES)[number];
type Round = Readonly<Record<Phase | 'idle', Cpu>> & { readonly delivered: number };

const IDLE_MS = 4_000;
const LEAST_IDLE_MS = 500;
const MOST_ROUNDS = 3;

const between = (before: Cpu, after: Cpu): Cpu => ({
  service: after.service - before.service,
  mongod: after.mongod - before.mongod,
  redis: after.redis - before.redis,
});

/** Role api: accepts `n` complaints; what is decided about them later is not to be sent yet. */
async function door(service: Service, n: number): Promise<Cpu> {
  const load = await startLoad(service);
  try {
    const way = { batch: 1, concurrency: 32 };
    await load.post({ ...way, n: Math.ceil(n / 10) }); // warm
    const before = await service.host.call('cpu');
    await load.post({ ...way, n });
    const cpu = between(before, await service.host.call('cpu'));
    await service.host.call('hold');
    return cpu;
  } finally {
    await load.close();
  }
}

/** Roles workers and scheduler: transforms the backlog, then delivers, then has nothing to do. */
async function afterwards(
  service: Service,
  complaints: number,
  idleMs: number,
): Promise<Omit<Round, 'door'>> {
  const { host } = service;
  await host.call('transformed');
  const transformed = await host.call('cpu');
  const found = await host.call('complaints');
  if (found !== complaints) throw new Error(`bench: ${found} of ${complaints} complaints are in gold`);
  const held = await host.call('cpu');
  await host.call('release');
  const delivered = await host.call('delivered');
  const done = await host.call('cpu');
  await sleep(idleMs);
  const idle = between(done, await host.call('cpu'));
  return {
    transform: between(service.started, transformed),
    deliver: between(held, done),
    idle,
    delivered,
  };
}

async function oneRound(site: Site, n: number, idleMs: number): Promise<Round> {
  const atDoor = await withService(site, 'api', (service) => door(service, n));
  const complaints = n + Math.ceil(n / 10);
  const rest = await withService(site, 'workers,scheduler', (s) => afterwards(s, complaints, idleMs));
  const per = (cpu: Cpu, by: number): Cpu => ({
    service: cpu.service / by,
    mongod: cpu.mongod / by,
    redis: cpu.redis / by,
  });
  return {
    door: per(atDoor, n),
    transform: per(rest.transform, complaints),
    deliver: per(rest.deliver, complaints),
    idle: per(rest.idle, idleMs), // µs a ms = thousandths of a core
    delivered: rest.delivered / complaints,
  };
}

const sum = (cpu: Cpu): number => cpu.service + cpu.mongod + cpu.redis;

export const cpu: Bench = {
  name: 'cpu',
  what: 'CPU a complaint costs, by phase and process, against the sum of all of them',
  async run({ rounds: asked, scale, say }) {
    const n = sized(5_000, scale, 20);
    const idleMs = sized(IDLE_MS, Math.min(1, scale), LEAST_IDLE_MS);
    const rounds: Round[] = [];
    for (let i = 0; i < Math.min(asked, MOST_ROUNDS); i += 1) {
      say(`round ${i + 1} of ${Math.min(asked, MOST_ROUNDS)}: ${n} complaints`);
      const site = makeSite();
      try {
        rounds.push(await oneRound(site, n, idleMs));
      } finally {
        site.remove();
      }
    }
    const all = {
      name: 'all phases and processes',
      values: rounds.map((r) => PHASES.reduce((total, phase) => total + sum(r[phase]), 0)),
    };
    const phases = PHASES.flatMap((phase) =>
      PROCESSES.map((p) =>
        row(
          `${phase}: ${p}`,
          'µs/complaint',
          rounds.map((r) => r[phase][p]),
          all,
        ),
      ),
    );
    const core = { name: 'one core', values: rounds.map(() => 1_000) };
    const idle = PROCESSES.map((p) =>
      row(
        `idle: ${p}`,
        'ms/s',
        rounds.map((r) => r.idle[p]),
        core,
      ),
    );
    const per = rounds.map((r) => r.delivered.toFixed(2)).join(', ');
    return {
      rows: [...phases, ...idle],
      notes: [
        `Door: role api, ${n} single posts, 32 at a time, after a tenth as many to warm up. Transform: roles workers and scheduler, started on that backlog (the start itself not counted, warming up counted). Deliver: to outbox and tickets; ${per} deliveries a complaint.`,
        'service = the Node process with all its threads, inference too; mongod and redis in steps of 10 ms.',
        `Watching for the end costs a count four times a second, which is in the numbers; idle = workers and scheduler for ${idleMs / 1_000} s with nothing to do.`,
      ],
    };
  },
};
