import { setTimeout as sleep } from 'node:timers/promises';
import { connectStore, type Store } from '../../src/store/connect.js';
import { attachEngines } from '../../src/store/embedded/index.js';
import { rssMiBOf } from '../process/usage.js';
import { openView } from './facts.js';
import { type Door, type LivePost, postLive, sendBulk } from './lanes-load.js';
import {
  backlogOf,
  bulkRates,
  bulkReceipts,
  bulkWaits,
  liveRecords,
  order,
  quantile,
  type Sample,
} from './lanes-facts.js';
import type { Proof, ProofOptions } from './proof.js';
import { type Check, equal, holds, type Report } from './report.js';
import { openSite, type Site } from './site.js';
import { stopwatch } from './stopwatch.js';
import { until } from './wait.js';
import { askLedger, settled } from './work.js';

const ROWS = 1_000_000;
const LIVE_EVERY_MS = 200;
/** Counting a backlog of a million is work for the store that is measured: a look every so often. */
const sampleMs = (rows: number) => (rows < 100_000 ? 2_000 : 15_000);
const WINDOW_MS = 30_000;
/** Law: a live post is in gold within this, 95 of 100. */
const LIVE_P95_MS = 5_000;
/** Bulk receipts that may be finished while one live record waits: what was in hand when it came, and a turn or two. */
const MOST_BEFORE = 8;
/** A leak of the bulk load would end the service: the load is larger than this. */
const HEAP_MIB = 192;
const PATIENCE = { stallMs: 120_000, totalMs: 6 * 3_600_000 };

const most = (name: string, limit: number, found: number): Check => ({
  name,
  expected: `at most ${limit}`,
  found,
  ok: found <= limit,
});
const least = (name: string, limit: number, found: number): Check => ({
  name,
  expected: `at least ${limit}`,
  found,
  ok: found >= limit,
});

/** Live posts beside the load: so many a second, or `posts` spread over its rows. */
function startLive(door: Door, rows: number, posts: number | undefined) {
  const sent: Promise<LivePost>[] = [];
  let stopped = false;
  const post = () => {
    const one = postLive(door, sent.length);
    one.catch(() => {}); // awaited at the end
    sent.push(one);
  };
  const timer = posts === undefined ? setInterval(post, LIVE_EVERY_MS) : undefined;
  return {
    /** As many as belong to that many answered rows. */
    answered(n: number) {
      if (posts === undefined || stopped) return;
      while (sent.length < posts && sent.length < Math.ceil((n / rows) * posts)) post();
    },
    stop(): Promise<LivePost[]> {
      clearInterval(timer);
      while (posts !== undefined && sent.length < posts) post();
      stopped = true;
      return Promise.all(sent);
    },
  };
}

function startSamples(store: Store, pid: number, everyMs: number) {
  const samples: Sample[] = [];
  let stopped = false;
  const loop = (async () => {
    for (; !stopped; await sleep(everyMs, undefined, { ref: false }))
      samples.push({ at: Date.now(), backlog: await backlogOf(store), rssMiB: rssMiBOf(pid) });
  })();
  loop.catch(() => {}); // the store is gone: the proof hears of it elsewhere
  return {
    last: () => samples.at(-1)?.backlog ?? 0,
    async stop() {
      stopped = true;
      samples.push({ at: Date.now(), backlog: await backlogOf(store), rssMiB: rssMiBOf(pid) });
      return samples;
    },
  };
}

async function connect(site: Site): Promise<Store> {
  const living = await attachEngines(site.dataDir);
  if (!living) throw new Error('the engines of the service are not there');
  return connectStore(living.mongodbUri, 'redress');
}

async function allSettled(site: Site): Promise<void> {
  const view = await openView(site);
  try {
    await settled(site, view, PATIENCE);
  } finally {
    await view.close();
  }
}

const allLiveInGold = (site: Site, store: Store, posts: number): Promise<void> =>
  until(
    'every live post is in gold',
    async () => {
      site.mustRun();
      const done = (await liveRecords(store)).length;
      return { done: done === posts, state: `${done} of ${posts}` };
    },
    { ...PATIENCE, everyMs: 1_000 },
    site.folder,
  );

async function run(
  site: Site,
  store: Store,
  options: ProofOptions,
): Promise<Pick<Report, 'checks' | 'figures'>> {
  const { rows = ROWS, livePosts, drainFor, say } = options;
  const door = await site.door();
  const watch = stopwatch();
  const samples = startSamples(store, door.pid, sampleMs(rows));
  const live = startLive(door, rows, livePosts);
  const bulk = await sendBulk(door, rows, (n) => {
    if (n % 51_200 === 0) say(`${n} of ${rows} rows answered`);
    live.answered(n);
  });
  const accepted = watch();
  const stopAt = drainFor === undefined ? Number.POSITIVE_INFINITY : Date.now() + drainFor * 60_000;
  await until(
    'no bulk record waits',
    async () => {
      site.mustRun();
      const waits = await bulkWaits(store);
      return { done: !waits || Date.now() >= stopAt, state: `about ${samples.last()} wait` };
    },
    { ...PATIENCE, everyMs: 1_000 },
    site.folder,
  );
  const transformed = watch();
  const posts = await live.stop();
  const taken = await samples.stop();
  const drained = !(await bulkWaits(store));
  if (drained) await allSettled(site);
  else await allLiveInGold(site, store, posts.length);

  const bulkDone = await bulkReceipts(store);
  const liveDone = new Map((await liveRecords(store)).map((l) => [l.id, l]));
  const toGold = posts.map((p) => (liveDone.get(p.id)?.doneAt ?? Number.POSITIVE_INFINITY) - p.sentAt);
  const { overtaken, before } = order([...liveDone.values()], bulkDone);
  const rates = bulkRates(bulkDone, WINDOW_MS);
  const half = taken.length >> 1;
  const peak = (part: readonly Sample[]) => Math.round(Math.max(0, ...part.map((s) => s.rssMiB)));
  const inGold = bulkDone.reduce((n, b) => n + b.records, 0);
  const rate = Math.round(inGold / transformed);
  const waiting = drained ? 0 : await backlogOf(store);
  if (!drained) {
    await store.close();
    await site.kill(); // with most of the load waiting: nothing of it may be lost
  }
  const { checks } = await askLedger(
    site,
    { form: rows, api: posts.length },
    drained ? 'balanced' : 'settling',
  );
  const timed = livePosts === undefined;
  return {
    checks: [
      equal('the stream was read to its end', 'done', bulk.done ? 'done' : 'broken off'),
      equal('rows read', rows, bulk.counts.read),
      equal('rows accepted', rows, bulk.counts.accepted),
      equal('answers out of order', 0, bulk.outOfOrder),
      drained
        ? equal('bulk records in gold', rows, inGold)
        : least('bulk records that still waited at the end', 1, waiting),
      equal('live records in gold', posts.length, liveDone.size),
      most('bulk receipts finished while a live post waited', MOST_BEFORE, Math.max(0, ...before)),
      ...checks,
      ...(timed
        ? [
            most('live: sent to gold, 95 %, ms', LIVE_P95_MS, quantile(toGold, 0.95)),
            least(
              'live posts that went past waiting bulk receipts',
              1,
              overtaken.filter((n) => n > 0).length,
            ),
          ]
        : []),
      ...(rates.length >= 2
        ? [
            least(
              `bulk: slowest ${WINDOW_MS / 1_000} s, rows/s`,
              Math.round(rate / 10),
              Math.round(Math.min(...rates)),
            ),
          ]
        : []),
      ...(taken.length >= 20
        ? [
            most(
              'peak memory of the second half of the time, MiB',
              Math.round(peak(taken.slice(0, half)) * 1.25 + 32),
              peak(taken.slice(half)),
            ),
          ]
        : []),
    ],
    figures: {
      rows,
      'body sent, MiB': Math.round(bulk.bytes / 2 ** 20),
      'heap limit of the service, MiB': HEAP_MIB,
      'seconds until all was accepted': accepted,
      [drained ? 'seconds until all was in gold' : 'seconds until the proof ended, with bulk waiting']:
        transformed,
      'bulk records in gold': inGold,
      'bulk records waiting at the end': waiting,
      'bulk rows/s, accepted': Math.round(rows / accepted),
      'bulk rows/s, to gold': rate,
      'bulk rows/s by window': rates.map(Math.round).join(' '),
      'backlog over time': spread(taken.map((s) => s.backlog)),
      'service memory over time, MiB': spread(taken.map((s) => Math.round(s.rssMiB))),
      'live posts': posts.length,
      'live: answered, p50 p95 p99 ms': three(posts.map((p) => p.answeredMs)),
      'live: sent to gold, p50 p95 p99 ms': three(toGold),
      'live: slowest, ms': Math.max(...toGold),
      'bulk receipts a live post went past, most': Math.max(0, ...overtaken),
      'bulk receipts finished while a live post waited, most': Math.max(0, ...before),
    },
  };
}

const three = (ms: readonly number[]): string => [0.5, 0.95, 0.99].map((q) => quantile(ms, q)).join(' ');

/** At most twelve values of a series, evenly taken, the last one included. */
function spread(values: readonly number[]): string {
  const step = Math.max(1, (values.length - 1) / 11);
  const picked: (number | undefined)[] = [];
  for (let at = 0; at < values.length && picked.length < 12; at += step) picked.push(values[Math.round(at)]);
  return picked.join(' ');
}

export const lanes: Proof = {
  name: 'lanes',
  about: 'live posts reach gold in seconds while a million rows come through the stream door; bulk goes on',
  async run(options): Promise<Report> {
    const settings = {
      REDRESS_LOG_LEVEL: 'info', // a line for each of thousands of jobs would be part of the load
      REDRESS_REQUESTS_PER_MINUTE: '0',
      REDRESS_ITEMS_PER_MINUTE: '0',
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}`,
      ...options.settings,
    };
    const site = await openSite({ ...options, settings });
    let keep = true;
    try {
      options.say(`folder ${site.folder}`);
      await site.start();
      const store = await connect(site);
      try {
        const report: Report = { proof: 'lanes', ...(await run(site, store, options)) };
        keep = options.keep || !holds(report);
        return keep ? { ...report, folder: site.folder } : report;
      } finally {
        await store.close();
      }
    } finally {
      await site.close(keep);
    }
  },
};
