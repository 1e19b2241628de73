import type { Command } from 'commander';
import type { Cli } from './support/cli.js';
import { wholeUpTo } from './support/flags.js';
import { table, time } from './support/text.js';

const HEADINGS = [
  'started',
  'run',
  'kind',
  'feed',
  'name',
  'status',
  'cause',
  'seconds',
  'read',
  'accepted',
  'repeated',
  'conflict',
  'refused',
  'drift',
];

export function runsCommand(program: Command, cli: Cli): void {
  program
    .command('runs')
    .description('imports and days of a door, newest first')
    .option('--limit <number>', 'how many', wholeUpTo(1_000), 20)
    .option('--json', 'as JSON on standard output')
    .action(({ limit, json }: { limit: number; json?: true }) =>
      cli.withCore(async (core) => {
        const runs = await core.operations.recentRuns(limit);
        const rows = runs.map((r) => [
          time(r.startedAt),
          r._id,
          r.kind,
          r.feed,
          r.name,
          r.status,
          r.cause ?? '',
          r.endedAt ? ((r.endedAt.getTime() - r.startedAt.getTime()) / 1_000).toFixed(1) : '',
          r.counts ? String(r.counts.read) : '',
          r.counts ? String(r.counts.accepted) : '',
          r.counts ? String(r.counts.repeated) : '',
          r.counts ? String(r.counts.conflict) : '',
          r.counts ? String(r.counts.refused) : '',
          r.drift ? String(r.drift.length) : '',
        ]);
        cli.say(rows.length === 0 ? 'There is no run yet.' : table(HEADINGS, rows));
        if (json) cli.json(runs);
      }),
    );
}
