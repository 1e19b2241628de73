import type { Run } from '../run.js';
import type { Key, Layer } from './store.js';

export type Span = readonly [before: Layer | undefined, after: Layer | undefined];

/** What each layer counted for one key; absent = that layer has nothing under this key. */
export type Counted = {
  readonly key: Key;
  readonly run: Run | undefined;
  readonly receipts?: Layer | undefined;
  readonly staging?: Layer | undefined;
  readonly gold?: Layer | undefined;
  readonly predictions?: Layer | undefined;
  readonly deliveries?: Layer | undefined;
  /** Of these two, before and after the deliveries were read: both grow meanwhile. */
  readonly tickets?: Span;
  readonly outbox?: Span;
};

/** A sentence that should hold, and the two numbers that should be equal. */
export type Check = {
  readonly name: CheckName;
  readonly expected: number;
  readonly found: number;
  /** How far the two may differ while records are in flight. */
  readonly slack: number;
};

/** Every check of the ledger, with what its failure means. */
export const CHECKS = {
  read_adds_up: 'read = accepted + repeated + conflict + refused, in the receipts',
  receipts_complete: 'receipts are numbered without gaps: one that is missing was deleted',
  run_known: 'every receipt belongs to a run record',
  run_agrees: 'what the door answered, as the run counted it, is what the receipts say',
  staging_complete: 'accepted records and kept conflicts are all in staging',
  gold_complete: 'every transformed record has its complaint in gold',
  predictions_complete: 'every complaint has its prediction',
  due_routed: 'every complaint that is due has a delivery',
  deliveries_complete: 'every delivery that was decided is there',
  tickets_complete: 'every delivered ticket is in the ticket store',
  outbox_complete: 'every delivered message is in the outbox',
  lines_covered: 'the rows read cover every physical line of the file, as a second reader counted them',
} as const;
export type CheckName = keyof typeof CHECKS;

const n = (layer: Layer | undefined, field: string): number => layer?.[field] ?? 0;

/** `expected`, if the count passed it while it was looked for; else the nearer end. */
function within([before, after]: Span, expected: number): number {
  return Math.min(Math.max(expected, n(before, 'all')), n(after, 'all'));
}

/** The checks of one run, feed and day. Those of a whole run (numbering, file) are asked once, see `runChecks`. */
export function checksOf(counted: Counted): Check[] {
  const { receipts, staging, gold, predictions, deliveries } = counted;
  const none: Span = [undefined, undefined];
  const { tickets = none, outbox = none } = counted;
  const inFlight = n(staging, 'received');
  // A receipt that is open has no counts yet; its records may already be in staging.
  const opening = n(receipts, 'open') * 256;
  const check = (name: CheckName, expected: number, found: number, slack = 0): Check => ({
    name,
    expected,
    found,
    slack,
  });
  return [
    check(
      'read_adds_up',
      n(receipts, 'read'),
      n(receipts, 'accepted') + n(receipts, 'repeated') + n(receipts, 'conflict') + n(receipts, 'refused'),
    ),
    check('run_known', 1, counted.run ? 1 : 0),
    check('staging_complete', n(receipts, 'accepted') + n(receipts, 'kept'), n(staging, 'all'), opening),
    check('gold_complete', n(staging, 'transformed'), n(gold, 'all'), inFlight),
    check('predictions_complete', n(gold, 'all'), n(predictions, 'all'), inFlight),
    check('due_routed', 0, n(gold, 'dueWithoutTeam')),
    check('deliveries_complete', n(gold, 'deliveries'), n(deliveries, 'all'), inFlight * 2),
    check(
      'tickets_complete',
      n(deliveries, 'ticketsDelivered'),
      within(tickets, n(deliveries, 'ticketsDelivered')),
      n(deliveries, 'ticketsAll') - n(deliveries, 'ticketsDelivered'),
    ),
    check(
      'outbox_complete',
      n(deliveries, 'outboxDelivered'),
      within(outbox, n(deliveries, 'outboxDelivered')),
      n(deliveries, 'outboxAll') - n(deliveries, 'outboxDelivered'),
    ),
  ];
}

/** The checks of a run over all its days. */
export function runChecks(run: Run, receipts: readonly Layer[]): Check[] {
  const total = (field: string) => receipts.reduce((sum, r) => sum + n(r, field), 0);
  const numbered = receipts.length === 0 ? 0 : Math.max(...receipts.map((r) => n(r, 'lastSeq'))) + 1;
  const checks: Check[] = [
    { name: 'receipts_complete', expected: numbered, found: total('receipts'), slack: 0 },
  ];
  if (run.counts && run.status !== 'running') {
    for (const field of ['read', 'accepted', 'repeated', 'conflict', 'refused'] as const)
      checks.push({ name: 'run_agrees', expected: run.counts[field], found: total(field), slack: 0 });
  }
  if (run.file && run.status !== 'failed')
    checks.push({ name: 'lines_covered', expected: run.file.lines, found: run.file.linesCovered, slack: 0 });
  return checks;
}

/** `settling`: the difference is no more than what is in flight; it becomes one of the others when that is done. */
export type Verdict = 'balanced' | 'settling' | 'broken';

export function verdictOf(checks: readonly Check[]): Verdict {
  const off = checks.filter((c) => c.expected !== c.found);
  if (off.length === 0) return 'balanced';
  return off.every((c) => Math.abs(c.expected - c.found) <= c.slack) ? 'settling' : 'broken';
}
