import { Command, type CommanderError } from 'commander';
import { packageVersion } from '../paths.js';
import { alarmsCommand } from './alarms.js';
import { auditCommand } from './audit.js';
import { classifyCommand } from './classify.js';
import { complaintCommand } from './complaint.js';
import { configCommand } from './config.js';
import { doctorCommand } from './doctor.js';
import { evaluateCommand } from './evaluate.js';
import { feedsCommand } from './feeds.js';
import { importCommand } from './import.js';
import { keysCommand } from './keys.js';
import { ledgerCommand } from './ledger.js';
import { outboxCommand } from './outbox.js';
import { quarantineCommand } from './quarantine.js';
import { runsCommand } from './runs.js';
import { startCommand } from './start.js';
import { type Cli, createCli } from './support/cli.js';
import { explain } from './support/errors.js';
import { globalOptions } from './support/flags.js';
import type { Io } from './support/io.js';
import { ticketsCommand } from './tickets.js';

/** Every command, in the order in which the help shows them. */
const COMMANDS = [
  startCommand,
  feedsCommand,
  importCommand,
  ledgerCommand,
  complaintCommand,
  quarantineCommand,
  runsCommand,
  alarmsCommand,
  auditCommand,
  ticketsCommand,
  outboxCommand,
  classifyCommand,
  evaluateCommand,
  keysCommand,
  configCommand,
  doctorCommand,
];

export function buildProgram(io: Io): { program: Command; cli: Cli } {
  const program = new Command('redress');
  const cli = createCli(io, () => program.opts());
  globalOptions(program)
    .description(
      'Complaint pipeline: takes complaints in, labels them, routes the negative ones, and proves it.',
    )
    .version(packageVersion)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride()
    .showHelpAfterError('(`--help` shows what there is)')
    .addHelpText('after', '\nExit codes: 0 done, 1 done with failures or not possible, 2 wrong use.');
  for (const add of COMMANDS) add(program, cli);
  return { program, cli };
}

/** Runs one command line (without node and script); resolves with the exit code, never rejects. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const { program, cli } = buildProgram(io);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return cli.exitCode();
  } catch (error) {
    // By code, not by class: tests have a realm of their own.
    const { code, exitCode } = error as CommanderError;
    if (typeof code === 'string' && code.startsWith('commander.')) return exitCode === 0 ? 0 : 2;
    io.err(`${explain(error)}\n`);
    return 1;
  }
}
