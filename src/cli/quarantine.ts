import { type Command, InvalidArgumentError, Option } from 'commander';
import { limit } from '../complaint/limits.js';
import { QUARANTINE_REASONS, type QuarantineReason } from '../complaint/reasons.js';
import type { Core } from '../core.js';
import { redactText } from '../governance/privacy/redact.js';
import { type QuarantineFilter, REPLAYED } from '../staging/quarantine.js';
import type { QuarantineStatus } from '../staging/record.js';
import type { Cli } from './support/cli.js';
import { wholeUpTo } from './support/flags.js';
import { type Moment, momentOf } from './support/moment.js';
import { accept, change, list, show } from './support/quarantine.js';

type FilterFlags = {
  id?: string[];
  feed?: string;
  reason?: QuarantineReason;
  run?: string;
  from?: Moment;
  to?: Moment;
  status?: QuarantineStatus;
  conflicts?: true;
};
type ListFlags = FilterFlags & { limit: number; json?: true };
type ChangeFlags = FilterFlags & { why?: string; dryRun?: true; json?: true };

export function quarantineCommand(program: Command, cli: Cli): void {
  const quarantine = program
    .command('quarantine')
    .description('records that could not be used: see why, replay, discard');

  conditions(quarantine.command('list'), [...REPLAYED, 'discarded'])
    .description('records with reason and what to do, newest first, and their counts')
    .addOption(conflicts('kept conflicts, beside the record that each disagrees with'))
    .option('--limit <number>', 'how many', wholeUpTo(1_000), 20)
    .option('--json', 'as JSON on standard output')
    .action((flags: ListFlags) =>
      cli.withCore((core) => list(cli, core, filterOf(flags, core), flags.limit, flags.json)),
    );

  quarantine
    .command('show')
    .description('one record with everything but what it says')
    .argument('<id>', 'id or reference')
    .option('--raw', 'what it says too, unsealed: personal data; goes into the audit')
    .option('--json', 'as JSON on standard output')
    .action((id: string, flags: { raw?: true; json?: true }) =>
      cli.withCore((core) => show(cli, core, id.trim(), flags)),
    );

  const changing = (name: string, statuses: readonly QuarantineStatus[]) =>
    conditions(quarantine.command(name), statuses)
      .option('--dry-run', 'only say how many')
      .option('--json', 'as JSON on standard output');

  changing('replay', REPLAYED)
    .description('send records through the transform again, after what was wrong is corrected')
    .action((flags: ChangeFlags, command: Command) => {
      refuseAll(flags, command);
      return cli.withCore((core) => change(cli, core, 'replay', filterOf(flags, core), flags));
    });
  changing('discard', REPLAYED)
    .description('put records aside for good')
    .requiredOption('--why <text>', 'the reason, for the audit and the record; redacted', whyOf)
    .addOption(conflicts('of the kept conflicts'))
    .action((flags: ChangeFlags, command: Command) => {
      refuseAll(flags, command);
      return cli.withCore((core) => {
        const why = redactText(flags.why ?? '', core.config.operator.region);
        return change(cli, core, 'discard', filterOf(flags, core), { ...flags, why });
      });
    });

  quarantine
    .command('accept')
    .description('make a kept conflict a complaint of its own')
    .argument('<id>', 'id of the conflict, as `quarantine list --conflicts` shows it')
    .option('--json', 'as JSON on standard output')
    .action((id: string, flags: { json?: true }) =>
      cli.withCore((core) => accept(cli, core, id.trim(), flags)),
    );
}

const conditions = (command: Command, statuses: readonly QuarantineStatus[]): Command =>
  command
    .option('--id <id>', 'only this one; may be repeated', collect)
    .option('--feed <name>', 'only of this feed')
    .addOption(
      new Option('--reason <code>', 'only with this reason').choices(Object.keys(QUARANTINE_REASONS)),
    )
    .option('--run <id>', 'only of this run')
    .option('--from <when>', 'received from here on: a day, a time with zone, or how long ago (7d)', momentOf)
    .option('--to <when>', 'received before this', momentOf)
    .addOption(new Option('--status <status>', 'only with this status').choices(statuses));

const conflicts = (what: string): Option => new Option('--conflicts', what).conflicts('status');

function collect(id: string, before: string[] = []): string[] {
  const most = limit('decideIds');
  if (before.length < most) return [...before, id.trim()];
  throw new InvalidArgumentError(`At most ${most} can be named; take --run, --feed or --reason for more.`);
}

function whyOf(text: string): string {
  const why = text.trim();
  if (why.length >= 1 && why.length <= limit('fieldChars')) return why;
  throw new InvalidArgumentError(`It must have 1 to ${limit('fieldChars')} characters.`);
}

function filterOf(flags: FilterFlags, { config, now }: Core): QuarantineFilter {
  const { id, feed, reason, run, from, to, status, conflicts } = flags;
  const { zone } = config.operator;
  const filter = {
    ids: id,
    feed,
    reason,
    run,
    from: from?.(now(), zone),
    to: to?.(now(), zone),
    status: conflicts ? ('conflict' as const) : status,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** To change everything must be said, never left out. */
function refuseAll({ why: _, dryRun: __, json: ___, ...conditions }: ChangeFlags, command: Command): void {
  if (Object.keys(conditions).length > 0) return;
  command.error('error: name which records: --id, --feed, --reason, --run, --from, --to or --status');
}
