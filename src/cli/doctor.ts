import type { Command } from 'commander';
import type { Config } from '../config.js';
import { type Report, withoutPrefix } from './support/report.js';
import { checkDisk, checkEngines, checkFiles, checkHost, checkModel, checkNotice } from './support/site.js';
import { checkStores } from './support/stores.js';
import type { Cli } from './support/cli.js';
import { pairs } from './support/text.js';

export function doctorCommand(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description(
      'look at everything Redress stands on and say what is wrong and how to mend it; starts nothing',
    )
    .option('--json', 'as JSON on standard output')
    .action(async ({ json }: { json?: true }) => {
      const report: Report = { facts: {}, problems: [] };
      const config = settings(cli, report);
      checkHost(report);
      if (config) {
        const filesAreRight = checkFiles(config, report);
        await checkModel(config, report);
        await checkEngines(config, report);
        await checkDisk(config, report);
        checkNotice(config, report);
        await checkStores(config, filesAreRight, report);
      }
      const { facts, problems } = report;
      cli.say(pairs(Object.entries(facts), ''));
      cli.say(problems.length === 0 ? '\nNothing is wrong.' : `\n${problems.length} to mend:`);
      for (const problem of problems) cli.say(`- ${problem}`);
      if (json) cli.json({ ok: problems.length === 0, facts, problems });
      if (problems.length > 0) cli.failed();
    });
}

function settings(cli: Cli, report: Report): Config | undefined {
  try {
    const config = cli.config();
    report.facts.settings = `valid, files from ${config.configDir}`;
    return config;
  } catch (error) {
    report.facts.settings = 'NOT VALID; nothing else was looked at';
    report.problems.push(withoutPrefix(error));
    return undefined;
  }
}
