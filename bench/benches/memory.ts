import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, type Row, row, sized } from '../harness.js';
import { runNode } from '../process/command.js';
import { rssMiBOf } from '../process/usage.js';
import { fill } from '../service/fill.js';
import { type Service, withService } from '../service/service.js';
import { makeSite } from '../site.js';

type Memory = {
  readonly service: number;
  readonly heap: number;
  readonly mongod: number;
  readonly redis: number;
};
type Round = { readonly node: number; readonly idle: Memory; readonly full: Memory; readonly double: Memory };

const SETTLE_MS = 1_000;
const MOST_ROUNDS = 2;

/** RSS of a Node process that does nothing, MiB. */
async function bareNode(): Promise<number> {
  const { child } = runNode(['-e', 'setInterval(()=>{},1e9);process.stderr.write("up")']);
  try {
    await once(child.stderr as NodeJS.ReadableStream, 'data');
    await sleep(SETTLE_MS);
    return rssMiBOf(child.pid as number);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

async function looked(service: Service): Promise<Memory> {
  await sleep(SETTLE_MS); // what ends with the last record is given up
  return service.host.call('memory');
}

async function oneRound(n: number, say: (text: string) => void): Promise<Round> {
  const site = makeSite();
  try {
    const node = await bareNode();
    return await withService(site, 'api,workers,scheduler', async (service) => {
      const idle = await looked(service);
      say(`${n} complaints`);
      await fill(service, n);
      const full = await looked(service);
      say(`another ${n}`);
      await fill(service, n);
      return { node, idle, full, double: await looked(service) };
    });
  } finally {
    site.remove();
  }
}

function rowsOf(rounds: readonly Round[], n: number): Row[] {
  const of = (when: 'idle' | 'full' | 'double', what: keyof Memory) => rounds.map((r) => r[when][what]);
  const rows = [
    row('service: idle', 'MiB', of('idle', 'service'), {
      name: 'a Node process that does nothing',
      values: rounds.map((r) => r.node),
    }),
  ];
  for (const what of ['service', 'mongod', 'redis'] as const)
    rows.push(
      row(`${what}: after ${n}`, 'MiB', of('full', what), { name: 'idle', values: of('idle', what) }),
      row(`${what}: after ${2 * n}`, 'MiB', of('double', what), {
        name: `after ${n}`,
        values: of('full', what),
      }),
    );
  rows.push(
    row(`heap: after ${n}`, 'MiB', of('full', 'heap'), { name: 'idle', values: of('idle', 'heap') }),
    row(`heap: after ${2 * n}`, 'MiB', of('double', 'heap'), {
      name: `after ${n}`,
      values: of('full', 'heap'),
    }),
  );
  return rows;
}

export const memory: Bench = {
  name: 'memory',
  what: 'memory in RAM of service, mongod and redis, idle and after complaints; what the heap keeps of them',
  async run({ rounds: asked, scale, say }) {
    const n = sized(10_000, scale, 20);
    const rounds: Round[] = [];
    for (let i = 0; i < Math.min(asked, MOST_ROUNDS); i += 1) rounds.push(await oneRound(n, say));
    const kept = rounds.map((r) => Math.round(((r.double.heap - r.full.heap) * 2 ** 20) / n));
    return {
      rows: rowsOf(rounds, n),
      notes: [
        `All roles; complaints come in batches and are transformed and delivered before memory is read. At most ${MOST_ROUNDS} rounds.`,
        'Heap: of the main thread, after full collections. RSS is read after them, so peaks are not seen.',
        `The heap kept ${kept.join(', ')} bytes a complaint between ${n} and ${2 * n}.`,
      ],
    };
  },
};
