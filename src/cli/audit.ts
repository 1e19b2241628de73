import type { Command } from 'commander';
import type { Cli } from './support/cli.js';
import { wholeUpTo } from './support/flags.js';
import { clean, table, time } from './support/text.js';

export function auditCommand(program: Command, cli: Cli): void {
  program
    .command('audit')
    .description('who did what: keys, tickets, quarantine, looks at raw pieces; newest first')
    .option('--limit <number>', 'how many', wholeUpTo(1_000), 20)
    .option('--json', 'as JSON on standard output')
    .action(({ limit, json }: { limit: number; json?: true }) =>
      cli.withCore(async (core) => {
        const entries = await core.operations.recentAudit(limit);
        const rows = entries.map((e) => [time(e.at), e.by, e.action, e.target, e.reason ?? ''].map(clean));
        cli.say(
          rows.length === 0 ? 'Nothing was done yet.' : table(['when', 'by', 'action', 'on', 'why'], rows),
        );
        if (json) cli.json(entries);
      }),
    );
}
