import type { Command } from 'commander';
import { describeConfig } from '../config.js';
import type { Cli } from './support/cli.js';
import { table } from './support/text.js';

export function configCommand(program: Command, cli: Cli): void {
  program
    .command('config')
    .description('every setting with the value in effect and where it came from; secrets are masked')
    .option('--json', 'as JSON on standard output')
    .action(({ json }: { json?: true }) => {
      const config = cli.config();
      const rows = describeConfig(config);
      cli.say(
        table(
          ['setting', 'value', 'from'],
          rows.map(({ key, value, origin }) => [key, value === '' ? '(not set)' : value, origin]),
        ),
      );
      cli.say(
        `\nFiles are read from ${config.configDir}. docs/configuration.md says what each setting means.`,
      );
      if (json) cli.json(rows);
    });
}
