import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '../../core.js';
import { quarantinedByReason } from '../store.js';

/** What became of the records of one run. Those that were `repeated` belong to the run that brought them first. */
export type Became = {
  readonly inFlight: number;
  readonly transformed: number;
  /** By reason. */
  readonly quarantined: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly discarded: number;
  readonly negative: number;
  /** Complaints by routing state. */
  readonly routing: Readonly<Record<string, number>>;
  readonly deliveries: { readonly waiting: number; readonly delivered: number; readonly dead: number };
};

type Stores = Pick<Core, 'ledger' | 'staging' | 'gold' | 'store'>;

const ROUTING = ['due', 'historic', 'closed_at_source', 'not_negative', 'held', 'linked', 'spam'];

export async function whatBecame({ ledger, gold, store }: Stores, run: string): Promise<Became> {
  const layers = { staging: await ledger.staging({ run }), gold: await ledger.gold({ run }) };
  const deliveries = await ledger.deliveries({ run });
  const total = (rows: readonly Readonly<Record<string, unknown>>[], field: string) =>
    rows.reduce((sum, row) => sum + Number(row[field] ?? 0), 0);
  const states = ROUTING.map((state) => [state, total(layers.gold, state)] as const);
  return {
    inFlight: total(layers.staging, 'received'),
    transformed: total(layers.staging, 'transformed'),
    quarantined: await quarantinedByReason(store, run),
    failed: total(layers.staging, 'failed'),
    discarded: total(layers.staging, 'discarded'),
    negative: await gold.count({ run, negative: true }, 1_000_000_000),
    routing: Object.fromEntries(states.filter(([, n]) => n > 0)),
    deliveries: {
      waiting: total(deliveries, 'waiting'),
      delivered: total(deliveries, 'delivered'),
      dead: total(deliveries, 'dead'),
    },
  };
}

async function inFlight({ ledger, staging }: Stores, run: string): Promise<{ run: number; all: number }> {
  const rows = await ledger.staging({ run });
  return { run: rows.reduce((sum, row) => sum + (row.received ?? 0), 0), all: await staging.waitingCount() };
}

const LOOK_EVERY_MS = 250;

/**
 * Waits until no record of the run is in flight. `idle`: for `patienceMs` nothing of this run or before it began to
 * move, so nobody works; `stopped`: the signal came. Once something has moved it waits as long as it takes.
 */
export async function untilSettled(
  stores: Stores,
  run: string,
  options: { patienceMs: number; signal: AbortSignal; onLook?: (left: number) => void },
): Promise<'settled' | 'idle' | 'stopped'> {
  const first = await inFlight(stores, run);
  const until = Date.now() + options.patienceMs;
  let moving = false;
  for (let now = first; now.run > 0; now = await inFlight(stores, run)) {
    if (options.signal.aborted) return 'stopped';
    moving ||= now.run < first.run || now.all < first.all;
    if (!moving && Date.now() > until) return 'idle';
    options.onLook?.(now.run);
    await sleep(LOOK_EVERY_MS, undefined, { signal: options.signal }).catch(() => {});
  }
  return 'settled';
}

/** Whether somebody works on what waits: seen by something having moved, or moving within `patienceMs`. */
export async function somebodyWorks(
  stores: Stores,
  run: string,
  usable: number,
  { patienceMs, signal }: { patienceMs: number; signal: AbortSignal },
): Promise<boolean> {
  const first = await inFlight(stores, run);
  if (first.run < usable) return true;
  for (const until = Date.now() + patienceMs; Date.now() < until && !signal.aborted; ) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    const now = await inFlight(stores, run);
    if (now.run < first.run || now.all < first.all) return true;
  }
  return false;
}
