import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../run.js';
import { type Check, type Counted, checksOf, runChecks, type Verdict, verdictOf } from './balance.js';
import type { Key, Layer, LedgerStore } from './store.js';

export type LedgerRow = Key & {
  readonly kind: Run['kind'] | 'unknown';
  readonly name: string;
  readonly status: Run['status'] | 'missing';
  readonly read: number;
  readonly accepted: number;
  readonly repeated: number;
  readonly conflict: number;
  readonly refused: number;
  readonly inFlight: number;
  readonly transformed: number;
  readonly quarantined: number;
  readonly discarded: number;
  readonly failed: number;
  /** Complaints by routing state. */
  readonly routing: Readonly<Record<string, number>>;
  readonly deliveries: { readonly waiting: number; readonly delivered: number; readonly dead: number };
  readonly verdict: Verdict;
  /** Checks that do not hold. */
  readonly broken: readonly Check[];
  /** Some of the ids that are missing, where they could be named. */
  readonly missing: readonly string[];
};

export type Ledger = {
  readonly at: Date;
  readonly rows: readonly LedgerRow[];
  readonly trends: {
    readonly gold: number;
    readonly trends: number;
    readonly stale: number;
    readonly verdict: Verdict;
  };
  readonly verdict: Verdict;
};

export type LedgerRange = { readonly since?: Date };

const STATES = ['due', 'historic', 'closed_at_source', 'not_negative', 'held', 'linked', 'spam'] as const;
const textOf = (k: Key): string => `${k.day} ${k.feed} ${k.run}`;

/** Counts every layer by itself and compares. Reads staging first and receipts last, so that work under way can only look unfinished. */
async function count(
  store: LedgerStore,
  range: LedgerRange,
): Promise<{ counted: Counted[]; byRun: Map<string, Layer[]>; runs: Run[] }> {
  const match = range.since ? { day: { $gte: range.since.toISOString().slice(0, 10) } } : {};
  const staging = await store.staging(match);
  const layers = {
    staging,
    gold: await store.gold(match),
    predictions: await store.predictions(match),
    tickets: await store.tickets(match),
    outbox: await store.outbox(match),
    deliveries: await store.deliveries(match),
    ticketsAfter: await store.tickets(match),
    outboxAfter: await store.outbox(match),
    receipts: await store.receipts(match),
  };
  const runs = await store.runs();
  const runById = new Map(runs.map((r) => [r._id, r]));
  const keys = new Map<string, Key>();
  for (const rows of Object.values(layers)) for (const r of rows) keys.set(textOf(r._id), r._id);
  const at = (rows: readonly Layer[]) => new Map(rows.map((r) => [textOf(r._id), r]));
  const by = Object.fromEntries(Object.entries(layers).map(([name, rows]) => [name, at(rows)])) as Record<
    keyof typeof layers,
    Map<string, Layer>
  >;
  const counted = [...keys].map(
    ([text, key]): Counted => ({
      key,
      run: runById.get(key.run),
      receipts: by.receipts.get(text),
      staging: by.staging.get(text),
      gold: by.gold.get(text),
      predictions: by.predictions.get(text),
      deliveries: by.deliveries.get(text),
      tickets: [by.tickets.get(text), by.ticketsAfter.get(text)],
      outbox: [by.outbox.get(text), by.outboxAfter.get(text)],
    }),
  );
  const byRun = new Map<string, Layer[]>();
  for (const r of layers.receipts) byRun.set(r._id.run, [...(byRun.get(r._id.run) ?? []), r]);
  return { counted, byRun, runs };
}

const PARTNERS: Partial<
  Record<Check['name'], readonly [from: string, to: string, local: string, foreign: string]>
> = {
  gold_complete: ['staging', 'complaints', '_id', '_id'],
  predictions_complete: ['complaints', 'predictions', '_id', 'complaint'],
  tickets_complete: ['deliveries', 'tickets', 'complaint', '_id'],
};

async function rowOf(c: Counted, whole: readonly Check[], store: LedgerStore): Promise<LedgerRow> {
  const checks = [...checksOf(c), ...whole];
  const verdict = verdictOf(checks);
  const broken = checks.filter((x) => Math.abs(x.expected - x.found) > x.slack);
  const missing: string[] = [];
  for (const { name } of broken) {
    const p = PARTNERS[name];
    if (p) missing.push(...(await store.missing(p[0], p[1], c.key, p[2], p[3], 10)).map((m) => m._id));
  }
  const of = (layer: Layer | undefined, field: string) => layer?.[field] ?? 0;
  return {
    ...c.key,
    kind: c.run?.kind ?? 'unknown',
    name: c.run?.name ?? '',
    status: c.run?.status ?? 'missing',
    read: of(c.receipts, 'read'),
    accepted: of(c.receipts, 'accepted'),
    repeated: of(c.receipts, 'repeated'),
    conflict: of(c.receipts, 'conflict'),
    refused: of(c.receipts, 'refused'),
    inFlight: of(c.staging, 'received'),
    transformed: of(c.staging, 'transformed'),
    quarantined: of(c.staging, 'quarantined'),
    discarded: of(c.staging, 'discarded'),
    failed: of(c.staging, 'failed'),
    routing: Object.fromEntries(STATES.map((s) => [s, of(c.gold, s)]).filter(([, k]) => k !== 0)),
    deliveries: {
      waiting: of(c.deliveries, 'waiting'),
      delivered: of(c.deliveries, 'delivered'),
      dead: of(c.deliveries, 'dead'),
    },
    verdict,
    broken,
    missing: [...new Set(missing)],
  };
}

async function once(store: LedgerStore, range: LedgerRange, now: () => Date): Promise<Ledger> {
  const { counted, byRun, runs } = await count(store, range);
  const rows: LedgerRow[] = [];
  const seen = new Set<string>();
  for (const c of counted.sort((a, b) => textOf(a.key).localeCompare(textOf(b.key)))) {
    // A run that reaches over days is checked as a whole once; with a range its earlier receipts may be out of sight.
    const first = c.run && !seen.has(c.key.run);
    seen.add(c.key.run);
    const whole =
      first && c.run && (!range.since || c.run.startedAt >= range.since)
        ? runChecks(c.run, byRun.get(c.key.run) ?? [])
        : [];
    rows.push(await rowOf(c, whole, store));
  }
  // A run that counted something and left no trace in any layer.
  for (const run of runs) {
    if (seen.has(run._id) || (run.counts?.read ?? 0) === 0 || (range.since && run.startedAt < range.since))
      continue;
    const key = { run: run._id, feed: run.feed, day: run.startedAt.toISOString().slice(0, 10) };
    rows.push(await rowOf({ key, run }, runChecks(run, []), store));
  }
  const t = await store.trends();
  const trends = { ...t, verdict: trendsVerdict(t, rows) };
  const verdicts = [...rows.map((r) => r.verdict), trends.verdict];
  const verdict = verdicts.includes('broken')
    ? 'broken'
    : verdicts.includes('settling')
      ? 'settling'
      : 'balanced';
  return { at: now(), rows, trends, verdict };
}

/**
 * The hour of a complaint is marked for counting after the complaint is in gold, and its record is in flight until then: so
 * many complaints may be in no hour yet, where a process has just ended.
 */
function trendsVerdict(
  { gold, trends, stale }: Omit<Ledger['trends'], 'verdict'>,
  rows: readonly LedgerRow[],
): Verdict {
  if (gold === trends && stale === 0) return 'balanced';
  const inFlight = rows.reduce((n, row) => n + row.inFlight, 0);
  return stale > 0 || (gold > trends && gold - trends <= inFlight) ? 'settling' : 'broken';
}

/** How often what looks broken is counted again, and how long is waited before. */
const AGAIN = 6;
const PAUSE_MS = 400;

/** What does not add up, each with by how much. */
const differences = ({ rows, trends }: Ledger): string[] => [
  ...rows.flatMap((row) => row.broken.map((b) => `${textOf(row)} ${b.name} ${b.expected - b.found}`)),
  `trends ${trends.gold - trends.trends}`,
];

/**
 * The ledger of everything or of the days since. The layers of a working service are not read at one instant, and a count
 * over an index may meet a record twice that moves on meanwhile: what looks broken is counted again, until the same
 * thing is wrong by the same number twice in a row.
 */
export async function readLedger(store: LedgerStore, range: LedgerRange, now: () => Date): Promise<Ledger> {
  let ledger = await once(store, range, now);
  for (let again = 0; again < AGAIN && ledger.verdict === 'broken'; again++) {
    await sleep(PAUSE_MS);
    const before = new Set(differences(ledger));
    ledger = await once(store, range, now);
    if (ledger.verdict === 'broken' && differences(ledger).some((d) => before.has(d) && !d.endsWith(' 0')))
      break;
  }
  return ledger;
}
