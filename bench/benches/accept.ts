import { type Bench, interleave, row, type Sample, sized } from '../harness.js';
import { type Load, startLoad } from '../load/load.js';
import type { Taken } from '../load/host.js';
import { type Service, withService } from '../service/service.js';
import { makeSite } from '../site.js';

type Metric = 'rate' | 'cpu' | 'serviceCpu' | 'mongodCpu' | 'loadCpu';
type Way = { readonly n: number; readonly batch: number; readonly concurrency: number };

/** Complaints a second, and CPU µs a complaint of everything but who posts to the product. */
async function measured(service: Service, n: number, bare: boolean, work: () => Promise<Taken>) {
  const before = await service.host.call('cpu');
  const { seconds, cpuMicros } = await work();
  const after = await service.host.call('cpu');
  const serviceCpu = bare ? 0 : after.service - before.service + (after.redis - before.redis);
  const mongodCpu = after.mongod - before.mongod;
  // On the bare side the process that posts is the program that uses the driver: there it counts.
  const cpu = mongodCpu + serviceCpu + (bare ? cpuMicros : 0);
  const sample: Sample<Metric> = {
    rate: n / seconds,
    cpu: cpu / n,
    serviceCpu: serviceCpu / n,
    mongodCpu: mongodCpu / n,
    loadCpu: cpuMicros / n,
  };
  return sample;
}

/** The sides of one way of posting. */
const sidesOf = (service: Service, load: Load, way: Way) => {
  const bare = (indexed: boolean) => () =>
    measured(service, way.n, true, () => load.host.call('bare', { ...way, indexed }));
  return {
    product: () => measured(service, way.n, false, () => load.post(way)),
    bare: bare(false),
    indexed: bare(true),
  };
};

async function compare(name: string, driver: string, service: Service, load: Load, way: Way, rounds: number) {
  const sides = sidesOf(service, load, way);
  const samples = await interleave<keyof typeof sides, Metric>(rounds, sides);
  const of = (side: keyof typeof sides, metric: Metric) => samples[side].map((s) => s[metric]);
  const against = (side: 'bare' | 'indexed', metric: Metric) => ({
    name: side === 'bare' ? `bare ${driver}` : `bare ${driver}, indexes of staging`,
    values: of(side, metric),
  });
  return [
    row(`${name}: rate`, 'complaints/s', of('product', 'rate'), against('bare', 'rate')),
    row(`${name}: rate`, 'complaints/s', of('product', 'rate'), against('indexed', 'rate')),
    row(`${name}: CPU`, 'µs/complaint', of('product', 'cpu'), against('indexed', 'cpu')),
    row(
      `${name}: CPU of mongod`,
      'µs/complaint',
      of('product', 'mongodCpu'),
      against('indexed', 'mongodCpu'),
    ),
    row(`${name}: CPU of who posts`, 'µs/complaint', of('product', 'loadCpu'), {
      name: 'CPU of the service',
      values: of('product', 'serviceCpu'),
    }),
  ];
}

export const accept: Bench = {
  name: 'accept',
  what: 'complaints accepted over HTTP (durable, sealed, receipted) against the bare driver writing the same documents',
  async run({ rounds, scale, say }) {
    const single: Way = { n: sized(4_000, scale, 32), batch: 1, concurrency: 32 };
    const batch: Way = { n: sized(20_000, scale, 500), batch: 500, concurrency: 2 };
    const site = makeSite();
    try {
      return await withService(site, 'api', async (service) => {
        const load = await startLoad(service);
        try {
          say('warming up');
          for (const way of [single, batch]) {
            const small = { ...way, n: Math.max(way.batch, Math.round(way.n / 4)) };
            for (const side of Object.values(sidesOf(service, load, small))) await side();
          }
          say(`single posts, ${rounds} rounds`);
          const singles = await compare('single posts', 'insertOne', service, load, single, rounds);
          say(`batch posts, ${rounds} rounds`);
          const batches = await compare('batch posts', 'insertMany', service, load, batch, rounds);
          return {
            rows: [...singles, ...batches],
            notes: [
              `A round: ${single.n} single posts, ${single.concurrency} at a time; ${batch.n} in batches of ${batch.batch}, ${batch.concurrency} at a time.`,
              'Role api alone. Who posts is one process for all sides, beside the service and mongod on the same cores; on the bare side it is the driver.',
              'CPU: ours is service + mongod + Redis, the rival driver process + mongod.',
              'After each round the documents are counted: as many as were acknowledged.',
            ],
          };
        } finally {
          await load.close();
        }
      });
    } finally {
      site.remove();
    }
  },
};
