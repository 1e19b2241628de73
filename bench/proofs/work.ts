import { RedressError } from '../../src/complaint/errors.js';
import type { Ledger } from '../../src/operations/ledger/ledger.js';
import type { View } from './facts.js';
import { type Check, equal } from './report.js';
import type { Site } from './site.js';
import { until } from './wait.js';

/** A file to import. */
export type Workload = { readonly path: string; readonly feed: string; readonly rows: number };

/** What `redress import --json` says. */
export type Imported = {
  readonly run: string;
  readonly status: string;
  readonly counts: {
    readonly read: number;
    readonly accepted: number;
    readonly repeated: number;
    readonly conflict: number;
    readonly refused: number;
  };
  /** How often the command had to be run. */
  readonly tries: number;
};

const MOST_TRIES = 20;

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

/** Runs the import until it went through: a command that dies with the service is simply run again. */
export async function importFile(
  site: Site,
  { path, feed }: Workload,
  route?: 'always' | 'never',
): Promise<Imported> {
  let log = '';
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const flags = route ? ['--route', route] : [];
    const command = await site.redress('import', path, '--feed', feed, ...flags, '--json');
    log = command.log;
    if (command.how === 2) break; // wrong use: the same again would say the same
    const result = parse<Omit<Imported, 'tries'>>(command.output);
    if (result && result.status !== 'failed') return { ...result, tries };
  }
  throw new RedressError(
    'proof',
    'import_failed',
    `The import of ${path} into ${feed} did not go through in ${MOST_TRIES} tries.`,
    `The last one said: ${log}`,
  );
}

export type Patience = { readonly stallMs: number; readonly totalMs: number };

/** Waits until nothing is in flight any more: records, deliveries, receipts, runs, trends. */
export async function settled(site: Site, view: View, patience: Patience): Promise<void> {
  await until(
    'nothing in flight',
    async () => {
      site.mustRun();
      const p = await view.progress();
      const left = p.received + p.waiting + p.stale + p.open;
      const state = Object.entries(p)
        .map(([name, n]) => `${name} ${n}`)
        .join(', ');
      return { done: left === 0 && p.staged > 0, state };
    },
    { ...patience, everyMs: 250 },
    site.folder,
  );
}

export type LedgerSays = { readonly ledger: Ledger; readonly checks: Check[] };

/** Asks `redress ledger --json`, as an operator would. `accepted` is what was taken in, by feed. */
export async function askLedger(
  site: Site,
  accepted: Readonly<Record<string, number>>,
  expected: Ledger['verdict'] = 'balanced',
): Promise<LedgerSays> {
  const { output, how, log } = await site.redress('ledger', '--json');
  const ledger = parse<Ledger>(output);
  if (!ledger)
    throw new RedressError(
      'proof',
      'no_ledger',
      `redress ledger ended with ${how} and said no ledger.`,
      `Log: ${log}`,
    );
  const broken = ledger.rows.flatMap((row) =>
    row.broken.map((b) => `${row.feed} ${row.run} ${b.name}: expected ${b.expected}, found ${b.found}`),
  );
  const verdict = equal('verdict of the ledger', expected, ledger.verdict);
  const checks: Check[] = [
    broken.length > 0 ? { ...verdict, detail: broken.slice(0, 5).join('; ') } : verdict,
    equal('exit code of redress ledger', 0, how),
    ...Object.entries(accepted).map(([feed, rows]) =>
      equal(
        `accepted of ${feed}, in the ledger`,
        rows,
        ledger.rows.filter((r) => r.feed === feed).reduce((n, r) => n + r.accepted, 0),
      ),
    ),
  ];
  return { ledger, checks };
}

/** Complaints by routing state, over all runs. */
export function routingOf(ledger: Ledger): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const row of ledger.rows)
    for (const [state, n] of Object.entries(row.routing)) sum[state] = (sum[state] ?? 0) + n;
  return sum;
}

export const rowsByFeed = (files: readonly Workload[]): Record<string, number> =>
  Object.fromEntries(files.map((f) => [f.feed, f.rows]));
