import { createHash } from 'node:crypto';
import { Binary } from 'mongodb';
import { loadFeeds } from '../../src/config/feeds.js';
import { createCipher } from '../../src/governance/cipher.js';
import { stems } from '../../src/gold/words.js';
import { startInference } from '../../src/inference/pool.js';
import type { Inference } from '../../src/inference/port.js';
import { configDir, modelDir } from '../../src/paths.js';
import { deskOf } from '../../src/routing/desk.js';
import { loadRouting } from '../../src/routing/rules.js';
import { envelopesOfBatch } from '../../src/sources/api.js';
import { draft } from '../../src/staging/accept.js';
import type { Received } from '../../src/transform/items.js';
import type { Step } from '../../src/transform/step.js';
import { align } from '../../src/transform/steps/align.js';
import { classify } from '../../src/transform/steps/classify.js';
import { clean } from '../../src/transform/steps/clean.js';
import { extract } from '../../src/transform/steps/extract.js';
import { identify } from '../../src/transform/steps/identify.js';
import { open } from '../../src/transform/steps/open.js';
import { redact } from '../../src/transform/steps/redact.js';
import { remember } from '../../src/transform/steps/remember.js';
import { route } from '../../src/transform/steps/route.js';
import { type Bench, row, type Sample, sized } from '../harness.js';
import { bodyOf, someTexts } from '../texts.js';

const MODEL = 'baseline-bayes-1';
/** As many records as a full receipt has. */
const GROUP = 250;

const cipher = createCipher({ encryption: new Map([[1, Buffer.alloc(32, 1)]]), hash: Buffer.alloc(32, 2) });
const now = new Date();
const feeds = loadFeeds(`${configDir}/sources.yaml`, {
  routeWithin: 72 * 3_600_000,
  region: 'NG',
  zone: 'Africa/Lagos',
});
const feedOf = (name: string) => {
  const feed = feeds.get(name);
  if (!feed) throw new Error(`bench: no feed ${name} in sources.yaml`);
  return { ...feed, routeWithinMs: feed.routeWithin, own: ['beejan'] };
};
const desk = deskOf(loadRouting(`${configDir}/routing.yaml`), 'outbox');

/** Records as staging would give them back, from bodies as a client would post them. */
function received(n: number): { items: Received[][]; bodies: Buffer[] } {
  const feed = feedOf('api');
  const bodies: Buffer[] = [];
  const items: Received[][] = [];
  for (let at = 0; at < n; at += GROUP) {
    const texts = someTexts(Math.min(GROUP, n - at), at);
    const body = Buffer.from(JSON.stringify(texts.map((text, i) => bodyOf(text, 'steps', at + i))));
    bodies.push(body);
    items.push(sealed(envelopes(body, feed)));
  }
  return { items, bodies };
}

function envelopes(body: Buffer, feed = feedOf('api')) {
  const batch = envelopesOfBatch(body, 'array', { feed, request: 'bench', idempotencyKey: undefined, now });
  if (!batch.ok) throw new Error(`bench: ${batch.refusal.detail}`);
  return batch.items.map((item) => {
    if (!item.ok) throw new Error(`bench: ${item.refusal.detail}`);
    return item.envelope;
  });
}

const sealed = (all: ReturnType<typeof envelopes>): Received[] =>
  all.map((envelope) => {
    const { record } = draft(envelope, { run: 'bench', lane: 'live', route: 'auto' }, cipher);
    const raw = new Binary(Buffer.from(record.raw.buffer)); // as the driver gives it back: bytes of its own
    const stamp = { receipt: 'bench.0', day: '2026-01-01', receivedAt: now, statusAt: now, notBefore: now };
    return { id: record._id, record: { ...record, raw, ...stamp } };
  });

/** CPU µs of this process, threads included, that `work` took. */
async function cpuOf<T>(work: () => Promise<T> | T): Promise<{ value: T; micros: number }> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, micros: user + system };
}

/** One pass of all records through every step; µs a record, in the order of the pipeline. */
async function onePass(records: ReturnType<typeof received>, inference: Inference) {
  const spent: Record<string, number> = {};
  const n = records.items.flat().length;
  const count = (name: string, micros: number) => {
    spent[name] = (spent[name] ?? 0) + micros / n;
  };
  async function through<In, Out>(name: string, groups: In[][], step: Step<In, Out>): Promise<Out[][]> {
    const { value, micros } = await cpuOf(async () => {
      const out: Out[][] = [];
      for (const group of groups) {
        const results = await step(group);
        out.push(results.flatMap((r) => ('ok' in r ? [r.ok] : [])));
      }
      return out;
    });
    const left = value.flat().length;
    if (left !== n) throw new Error(`bench: step ${name} let ${left} of ${n} records through`);
    count(name, micros);
    return value;
  }

  const read = await cpuOf(() => records.bodies.map((body) => envelopes(body)));
  count('(door) read the bodies', read.micros);
  const seal = await cpuOf(() => read.value.map(sealed));
  count('(door) hash and seal', seal.micros);
  const opened = await through('open', records.items, open(cipher));
  const aligned = await through('align', opened, align(feedOf));
  const cleaned = await through('clean', aligned, clean());
  const identified = await through('identify', cleaned, identify(cipher));
  const redacted = await through('redact', identified, redact());
  const extracted = await through('extract', redacted, extract());
  const remembered = await through(
    'remember',
    extracted,
    remember(async () => [], inference.model.weightsHash),
  );
  const labelled = await through('classify', remembered, classify(inference, 'live'));
  const routed = await through(
    'route',
    labelled,
    route(
      () => desk,
      feedOf,
      () => now,
    ),
  );
  const words = await cpuOf(() => routed.map((group) => group.map((item) => stems(item.text))));
  count('(gold) search stems', words.micros);
  return spent as Sample<string>;
}

export const steps: Bench = {
  name: 'steps',
  what: 'CPU of each step of the pipeline on one record, against the sum of all steps',
  async run({ rounds, scale, say }) {
    const n = sized(2_000, scale, 20);
    const records = received(n);
    const inference = await startInference({ modelDir: modelDir(MODEL), threads: 1 });
    try {
      say('warming up');
      await onePass(records, inference);
      const passes: Sample<string>[] = [];
      for (let i = 0; i < rounds; i += 1) {
        say(`round ${i + 1} of ${rounds}: ${n} records`);
        passes.push(await onePass(records, inference));
      }
      const total = passes.map((p) => Object.values(p).reduce((a, b) => a + b, 0));
      const rows = Object.keys(passes[0] ?? {}).map((name) =>
        row(
          name,
          'µs/record',
          passes.map((p) => p[name] as number),
          { name: 'sum of all', values: total },
        ),
      );
      const length = Math.round(someTexts(n).reduce((sum, text) => sum + text.length, 0) / n);
      const hash = createHash('sha256').update(someTexts(n).join('\n')).digest('hex').slice(0, 12);
      return {
        rows,
        notes: [
          `${n} records in groups of ${GROUP}, in one process without stores; ${length} characters a text on average, texts ${hash}.`,
          'CPU time of the process with its threads, so classify holds the inference thread and the messages to and from it.',
          'remember asks no database here: what is left is the hash of the text.',
        ],
      };
    } finally {
      await inference.close();
    }
  },
};
