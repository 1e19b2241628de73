import type { Command } from 'commander';
import type { Cli } from './support/cli.js';
import { clean, counted, time } from './support/text.js';

export function alarmsCommand(program: Command, cli: Cli): void {
  program
    .command('alarms')
    .description('what is wrong now, since when, and what to do')
    .option('--json', 'as JSON on standard output')
    .action(({ json }: { json?: true }) =>
      cli.withCore(async (core) => {
        const alarms = await core.operations.openAlarms();
        if (alarms.length === 0) cli.say('No alarm is open.');
        for (const { _id, severity, detail, fix, count, firstAt, lastAt } of alarms) {
          cli.say(
            `${severity}  ${clean(_id)}  since ${time(firstAt)}, ${counted(count, 'time')}, last ${time(lastAt)}`,
          );
          cli.say(`  ${clean(detail)}`);
          cli.say(`  What to do: ${fix}`);
        }
        if (json) cli.json(alarms);
      }),
    );
}
