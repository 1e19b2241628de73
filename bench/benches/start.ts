import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readEnginesFile } from '../../src/store/embedded/engines-file.js';
import { type Bench, interleave, row, type Sample, sized } from '../harness.js';
import { answers, freePort, runNode, secondsToEnd } from '../process/command.js';
import { cpuMicrosOf } from '../process/usage.js';
import { fill } from '../service/fill.js';
import { withService } from '../service/service.js';
import { makeSite, type Site } from '../site.js';

const CLI = fileURLToPath(new URL('../../src/cli/index.js', import.meta.url));
type Metric = 'seconds' | 'cpu' | 'stop';

/** From spawn to ready and back to nothing, as the command line does it. */
async function startOnce(site: Site): Promise<Sample<Metric>> {
  const port = await freePort();
  const { configDir, dataDir } = site;
  const places = ['--config', configDir, '--data', dataDir, '--port', String(port)];
  const begun = performance.now();
  const started = runNode(['--enable-source-maps', CLI, 'start', ...places]);
  const { child } = started;
  try {
    await answers(`http://127.0.0.1:${port}/health/ready`, started);
    const seconds = (performance.now() - begun) / 1_000;
    const { mongodb, redis } = readEnginesFile(dataDir)?.pids ?? {};
    const pids = [child.pid, mongodb, redis].filter((pid) => pid !== undefined);
    const cpu = pids.reduce((sum, pid) => sum + cpuMicrosOf(pid), 0) / 1e6;
    const asked = performance.now();
    child.kill('SIGTERM');
    await once(child, 'exit');
    return { seconds, cpu, stop: (performance.now() - asked) / 1_000 };
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}

async function onEmpty(): Promise<Sample<Metric>> {
  const site = makeSite();
  try {
    return await startOnce(site);
  } finally {
    site.remove();
  }
}

export const start: Bench = {
  name: 'start',
  what: 'from the start command until /health/ready answers 200, against an empty Node process',
  async run({ rounds, scale, say }) {
    const n = sized(10_000, scale, 20);
    const site = makeSite();
    try {
      say(`filling a data folder with ${n} complaints`);
      await withService(site, 'api,workers,scheduler', (service) => fill(service, n));
      await onEmpty(); // the engines' copies and the page cache are there from here on
      say(`${rounds} rounds`);
      const samples = await interleave<'node' | 'empty' | 'full', Metric>(rounds, {
        node: async () => ({ seconds: await secondsToEnd(['-e', '0']), cpu: 0, stop: 0 }),
        empty: onEmpty,
        full: () => startOnce(site),
      });
      const node = { name: 'node -e 0', values: samples.node.map((s) => s.seconds) };
      const full = `folder with ${n}`;
      const of = (side: 'empty' | 'full', metric: Metric) => samples[side].map((s) => s[metric]);
      return {
        rows: [
          row('ready: empty folder', 's', of('empty', 'seconds'), node),
          row(`ready: ${full}`, 's', of('full', 'seconds'), node),
          row(`ready: ${full}`, 's', of('full', 'seconds'), {
            name: 'empty folder',
            values: of('empty', 'seconds'),
          }),
          row(`CPU until ready: ${full}`, 's', of('full', 'cpu'), {
            name: 'empty folder',
            values: of('empty', 'cpu'),
          }),
          row(`SIGTERM to exit: ${full}`, 's', of('full', 'stop'), {
            name: 'empty folder',
            values: of('empty', 'stop'),
          }),
        ],
        notes: [
          'All roles; engines start with it. One start came before the rounds, so files are in the page cache.',
          'Ready is asked for every 5 ms. CPU is of service, mongod and redis together when ready was answered.',
        ],
      };
    } finally {
      site.remove();
    }
  },
};
