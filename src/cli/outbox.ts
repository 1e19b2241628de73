import type { Command } from 'commander';
import type { Cli } from './support/cli.js';
import { wholeUpTo } from './support/flags.js';
import { clean, cut, time } from './support/text.js';

export function outboxCommand(program: Command, cli: Cli): void {
  program
    .command('outbox')
    .description('messages and mails kept here because there is no Slack token or mail server, newest first')
    .option('--limit <number>', 'how many', wholeUpTo(1_000), 20)
    .option('--json', 'as JSON on standard output')
    .action(({ limit, json }: { limit: number; json?: true }) =>
      cli.withCore(async (core) => {
        const messages = await core.sinks.recentOutbox(limit);
        if (messages.length === 0) cli.say('The outbox is empty.');
        for (const { createdAt, kind, to, subject, body } of messages) {
          cli.say(`${time(createdAt)}  ${kind} to ${clean(to)}: ${clean(subject)}`);
          cli.say(`  ${cut(clean(body), 300)}`);
        }
        if (json) cli.json(messages);
      }),
    );
}
