import { type Command, InvalidArgumentError } from 'commander';
import { DURATION_WORDS, parseDuration } from '../config/duration.js';
import { CHECKS } from '../operations/ledger/balance.js';
import { type Ledger, type LedgerRow, readLedger } from '../operations/ledger/ledger.js';
import type { Cli } from './support/cli.js';
import { count, counted, listed, table } from './support/text.js';

const DAY = 86_400_000;

/** From when on, given now: a day or a stretch of time before. */
type Since = (now: Date) => Date;

function sinceOf(text: string): Since {
  const ms = parseDuration(text);
  if (ms !== undefined) return (now) => new Date(now.getTime() - ms);
  const day = new Date(`${text}T00:00:00Z`);
  if (
    !/^\d{4}-\d\d-\d\d$/.test(text) ||
    Number.isNaN(day.getTime()) ||
    day.toISOString().slice(0, 10) !== text
  )
    throw new InvalidArgumentError(`It must be a day (2026-11-25, UTC), or ${DURATION_WORDS}.`);
  return () => day;
}

export function ledgerCommand(program: Command, cli: Cli): void {
  program
    .command('ledger')
    .description(
      'prove that nothing was lost: counts of every layer, compared; exit code 1 if they do not add up',
    )
    .option('--since <day or duration>', 'from this UTC day on (2026-11-25), or so long ago (7d)', sinceOf)
    .option('--json', 'the ledger as JSON on standard output')
    .action(({ since, json }: { since?: Since; json?: true }) =>
      cli.withCore(async (core) => {
        // Whole days: a run is checked whole only if its first day is in sight.
        const from = since && new Date(Math.floor(since(core.now()).getTime() / DAY) * DAY);
        const ledger = await readLedger(core.ledger, from ? { since: from } : {}, core.now);
        print(ledger, cli);
        if (json) cli.json(ledger);
        if (ledger.verdict === 'broken') cli.failed();
      }),
    );
}

const NUMBERS = [
  ['read', 'read'],
  ['accepted', 'accepted'],
  ['repeated', 'repeated'],
  ['conflict', 'conflict'],
  ['refused', 'refused'],
  ['transformed', 'transf.'],
  ['quarantined', 'quarant.'],
  ['discarded', 'discard.'],
  ['failed', 'failed'],
  ['inFlight', 'in flight'],
] as const;

function print(ledger: Ledger, cli: Cli): void {
  const { rows, trends, verdict } = ledger;
  if (rows.length === 0) cli.say('Nothing was received in this time.');
  else {
    const headings = [
      'day (UTC)',
      'feed',
      'run',
      'status',
      ...NUMBERS.map(([, h]) => h),
      'delivered',
      'verdict',
    ];
    const lines = rows.map((r) => [
      r.day,
      r.feed,
      r.run,
      r.status,
      ...NUMBERS.map(([field]) => r[field]),
      r.deliveries.delivered,
      r.verdict,
    ]);
    cli.say(table(headings, lines));
    cli.say();
    cli.say(`routing: ${listed(summed(rows.map((r) => r.routing)))}`);
    cli.say(`deliveries: ${listed(summed(rows.map((r) => r.deliveries)))}`);
  }
  cli.say(
    `trends: ${counted(trends.gold, 'complaint')} in gold, ${count(trends.trends)} in trends, ${counted(trends.stale, 'hour')} to count again: ${trends.verdict}`,
  );
  for (const row of rows.filter((r) => r.broken.length > 0)) explainBroken(row, cli);
  cli.say(SENTENCES[verdict]);
}

const SENTENCES = {
  balanced: 'Balanced: every record is accounted for.',
  settling:
    'Settling: what differs is no more than what is in flight or waits to be counted; look again when that is done.',
  broken: 'BROKEN: something is missing or too much, see above.',
} as const;

function explainBroken(row: LedgerRow, cli: Cli): void {
  cli.say();
  cli.say(`BROKEN ${row.day} ${row.feed} ${row.run}`);
  for (const { name, expected, found } of row.broken)
    cli.say(`  ${name}: expected ${count(expected)}, found ${count(found)} (${CHECKS[name]})`);
  if (row.missing.length > 0) cli.say(`  missing: ${row.missing.slice(0, 10).join(', ')}`);
}

function summed(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const part of parts) for (const [name, n] of Object.entries(part)) sum[name] = (sum[name] ?? 0) + n;
  return sum;
}
