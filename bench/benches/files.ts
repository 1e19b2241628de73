import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FilesHandlers, Reading, Taken } from '../files/host.js';
import { type Bench, interleave, type Row, row, sized } from '../harness.js';
import { type Host, startHost } from '../process/rpc.js';
import { withService } from '../service/service.js';
import { makeSite, type Site } from '../site.js';

const MIB = 2 ** 20;
const SMALL = 10 * MIB;
const MOST_ROUNDS = 2;

const host = (): Host<FilesHandlers> =>
  startHost<FilesHandlers>(new URL('../files/host.js', import.meta.url));
const rate = ({ rows, seconds }: Taken) => ({ rate: rows / seconds });

async function withHost<T>(use: (host: Host<FilesHandlers>) => Promise<T>): Promise<T> {
  const files = host();
  try {
    return await use(files);
  } finally {
    await files.call('close').catch(() => {});
    await files.end();
  }
}

/** Highest memory of a process that reads one file and does nothing else, MiB. */
const peakOf = (reading: Reading): Promise<number> =>
  withHost(async (files) => {
    await files.call('read', reading);
    return files.call('peak');
  });

async function rates(site: Site, rounds: number, bytes: number): Promise<Row[]> {
  const path = join(site.configDir, 'rates.csv');
  return withService(site, 'api', ({ mongodbUri: uri, database }) =>
    withHost(async (files) => {
      await files.call('connect', { uri, database });
      const reading = { path, identity: 'columns' } as const;
      const fresh = () => files.call('make', { path, bytes, tag: randomUUID().slice(0, 8) });
      await fresh();
      await files.call('import', reading); // warms up, and shows the rival what staging holds
      await files.call('bare', { path });
      const { read, parse, imported, bare } = await interleave<
        'read' | 'parse' | 'imported' | 'bare',
        'rate'
      >(rounds, {
        read: async () => rate(await files.call('read', reading)),
        parse: async () => rate(await files.call('parse', { path })),
        imported: async () => {
          const rows = await fresh();
          const taken = await files.call('import', reading);
          if (taken.rows !== rows) throw new Error(`bench: ${taken.rows} of ${rows} rows were accepted`);
          return rate(taken);
        },
        bare: async () => rate(await files.call('bare', { path })),
      });
      const values = (samples: readonly { rate: number }[]) => samples.map((s) => s.rate);
      return [
        row('read: rate', 'rows/s', values(read), { name: 'csv-parse alone', values: values(parse) }),
        row('read + door: rate', 'rows/s', values(imported), {
          name: 'csv-parse, then insertMany',
          values: values(bare),
        }),
      ];
    }),
  );
}

/** Peaks of a small and a large file, by how rows are told apart. */
async function peaks(
  { configDir: folder }: Site,
  rounds: number,
  sizes: readonly [number, number],
): Promise<Row[]> {
  const [small = '', large = ''] = sizes.map((_, i) => join(folder, `peak-${i}.csv`));
  await withHost(async (files) => {
    await files.call('make', { path: small, bytes: sizes[0], tag: 'a' });
    await files.call('make', { path: large, bytes: sizes[1], tag: 'b' });
  });
  const mib = (bytes: number) => `${Math.max(1, Math.round(bytes / MIB))} MiB`;
  const rows: Row[] = [];
  for (const identity of ['columns', 'content'] as const) {
    const found = await interleave<'small' | 'large', 'peak'>(rounds, {
      small: async () => ({ peak: await peakOf({ path: small, identity }) }),
      large: async () => ({ peak: await peakOf({ path: large, identity }) }),
    });
    const by = identity === 'columns' ? 'sender ids' : 'content';
    rows.push(
      row(
        `peak memory: ${mib(sizes[1])} by ${by}`,
        'MiB',
        found.large.map((s) => s.peak),
        {
          name: `${mib(sizes[0])}`,
          values: found.small.map((s) => s.peak),
        },
      ),
    );
  }
  for (const path of [small, large]) rmSync(path, { force: true });
  return rows;
}

export const files: Bench = {
  name: 'files',
  what: 'call-centre files: our reader and the door against csv-parse and the bare driver; memory by size of the file',
  async run({ rounds, scale, say }) {
    const bytes = sized(SMALL, scale, 20_000);
    const sizes = [bytes, bytes * 100] as const;
    const site = makeSite();
    try {
      say(`rates, ${rounds} rounds of ${bytes} bytes`);
      const rated = await rates(site, rounds, bytes);
      say(`memory, up to ${sizes[1]} bytes`);
      return {
        rows: [...rated, ...(await peaks(site, Math.min(rounds, MOST_ROUNDS), sizes))],
        notes: [
          'Ours finds out encoding and delimiter, counts lines with the second reader, gives every row its raw bytes, place, identity; the door seals, stages and receipts it. csv-parse gives objects of cells.',
          'The rival parses first and inserts then, 256 documents at a time, two under way, into a collection with the indexes of staging.',
          'Peak: the highest memory of a process that reads the file and throws the envelopes away, with 40 MiB of Node in it.',
        ],
      };
    } finally {
      site.remove();
    }
  },
};
