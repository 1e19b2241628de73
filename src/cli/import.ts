import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { limit } from '../complaint/limits.js';
import type { Core } from '../core.js';
import { createRuns } from '../operations/runs.js';
import { openQueues } from '../queue/queues.js';
import { type ImportResult, importFile, STOPPED } from '../sources/import.js';
import { type Became, somebodyWorks, untilSettled, whatBecame } from './support/became.js';
import type { Cli } from './support/cli.js';
import { explain } from './support/errors.js';
import { createProgress } from './support/progress.js';
import { clean, count, counted, listed } from './support/text.js';

type Options = { feed: string; route?: 'always' | 'never'; fresh?: true; wait?: true; json?: true };

/** How long a sign of a working service is looked for. */
const SIGN_MS = 3_000;
/** How long --wait stays where nothing moves at all. */
const IDLE_MS = 60_000;

export function importCommand(program: Command, cli: Cli): void {
  program
    .command('import')
    .description(
      'import a CSV file; to run it again is safe: an interrupted import goes on, rows that are in are `repeated`',
    )
    .argument('<file>', 'the CSV file')
    .requiredOption('--feed <name>', 'feed of config/sources.yaml that says what the columns mean')
    .addOption(
      new Option(
        '--route <policy>',
        'always: negative ones go to teams however old; never: to nobody (default: by age and status)',
      ).choices(['always', 'never']),
    )
    .option('--fresh', 'begin at the first row, also where an interrupted import of this file could go on')
    .option('--wait', 'wait until every row is labelled, and tell what became of them')
    .option('--json', 'the result as JSON on standard output')
    .action((file: string, options: Options) =>
      cli.withCore((core) => run(core, cli, file, options), { handlesSignal: true }),
    );
}

async function run(core: Core, cli: Cli, file: string, options: Options): Promise<void> {
  const { signal } = cli.io;
  const result = await importWithProgress(core, cli, file, options);
  report(cli, file, result);
  if (result.status !== 'success') cli.failed();

  // Engines that this command started have no other user: nobody works there.
  const usable = result.counts.accepted - result.unusable;
  const works =
    usable === 0 || signal.aborted
      ? undefined
      : core.storesFrom !== 'embedded' &&
        (await somebodyWorks(core, result.run, usable, { patienceMs: SIGN_MS, signal }));
  const became = options.wait ? await wait(core, cli, result.run, works !== false) : undefined;
  if (!options.wait && works === true) cli.say('A service is running and works on them.');
  if (!options.wait && works === false)
    cli.say('Nothing works on them yet: they wait until the service runs (`npm start`).');

  if (options.json) {
    const { error, ...rest } = result;
    cli.json({
      ...rest,
      ...(error === undefined ? {} : { error: explain(error) }),
      ...(works === undefined ? {} : { processing: works }),
      ...(became ? { became } : {}),
    });
  }
}

async function importWithProgress(
  core: Core,
  cli: Cli,
  file: string,
  options: Options,
): Promise<ImportResult> {
  const { io } = cli;
  const runs = createRuns({ store: core.operations, software: core.software, now: core.now, log: core.log });
  const queues =
    core.storesFrom === 'embedded'
      ? undefined
      : openQueues({ redis: core.redis, prefix: core.config.stores.queuePrefix, onError: () => {} });
  const progress = createProgress(io);
  const begun = Date.now();
  let from: number | undefined;
  try {
    return await importFile({
      core,
      runs,
      ...(queues ? { queues } : {}),
      feed: options.feed,
      path: resolve(io.cwd, file),
      route: options.route ?? 'auto',
      fresh: options.fresh === true,
      signal: io.signal,
      onProgress({ rows, share }) {
        // Rows of before an interruption say nothing about this one's speed.
        from ??= rows > limit('receiptItems') ? rows : 0;
        const rate = Math.round((rows - from) / Math.max(0.001, (Date.now() - begun) / 1_000));
        progress.show(`${counted(rows, 'row')}, ${count(rate)} a second, ${Math.floor(share * 100)} %`);
      },
    });
  } finally {
    progress.clear();
    runs.close();
    // A Redis that is away must not keep the command: MongoDB has the rows, the service will find them.
    await Promise.race([queues?.close().catch(() => {}), sleep(2_000, undefined, { ref: false })]);
  }
}

function report(cli: Cli, file: string, result: ImportResult): void {
  const { counts, status, cause, error, run, feed } = result;
  const seconds =
    status === 'failed' ? 'Not all of' : status === 'partial' ? 'With something to look at:' : 'Imported';
  cli.say(
    `${seconds} ${file} into ${feed}; run ${run}: ${status}${cause === undefined ? '' : ` (${cause})`}.`,
  );
  cli.say(
    `  read ${count(counts.read)} = accepted ${count(counts.accepted)} + repeated ${count(counts.repeated)} + conflict ${count(counts.conflict)} + refused ${count(counts.refused)}`,
  );
  if (result.resumedAfter !== undefined)
    cli.say(`  went on after row ${count(result.resumedAfter)}, where it was interrupted before`);
  for (const { reason, count: n, rows } of result.quarantined)
    cli.say(
      `  in quarantine as ${reason}: ${count(n)}, rows ${rows.slice(0, 10).join(', ')}${n > 10 ? ', ...' : ''}`,
    );
  for (const { kind, column, was, detail } of result.drift)
    cli.say(`  drift: ${kind} ${clean(column)}${was === undefined ? '' : ` (was ${clean(was)})`}: ${detail}`);
  if (counts.conflict > 0)
    cli.say('  a conflict has the id of a record that is there and says something else; both are kept');
  if (cause === 'lines_not_covered')
    cli.say(
      `  the rows cover ${count(result.file.linesCovered)} of the ${count(result.file.lines)} lines of the file: look for a quote that is out of place`,
    );
  if (status !== 'failed') return;
  if (error !== undefined) cli.say(explain(error));
  if (cause === STOPPED) cli.say('Stopped by hand.');
  cli.say(
    result.resumable
      ? 'The rows counted above are safe. Run the same command again: it goes on where this one ended.'
      : 'The rows counted above are safe. Run the command again when the file is right: they will be `repeated`.',
  );
}

async function wait(core: Core, cli: Cli, run: string, works: boolean): Promise<Became> {
  const { signal } = cli.io;
  const progress = createProgress(cli.io);
  const end = works
    ? await untilSettled(core, run, {
        patienceMs: IDLE_MS,
        signal,
        onLook: (left) => progress.show(`${counted(left, 'record')} in flight`),
      })
    : 'idle';
  progress.clear();
  const became = await whatBecame(core, run);
  if (became.inFlight > 0) {
    const why =
      end === 'stopped' ? 'Waited no longer' : 'Nothing works on them: start the service (`npm start`)';
    cli.say(`${why}; ${counted(became.inFlight, 'record')} in flight.`);
    cli.failed();
  }
  const unwell = Object.values(became.quarantined).reduce((a, b) => a + b, 0) + became.failed;
  if (unwell > 0) cli.failed();
  cli.say(`  transformed ${count(became.transformed)}, of them negative ${count(became.negative)}`);
  cli.say(`  routing: ${listed(became.routing)}`);
  cli.say(`  deliveries: ${listed(became.deliveries)}`);
  cli.say(`  quarantined: ${listed(became.quarantined)}`);
  if (became.failed > 0) cli.say(`  failed ${count(became.failed)}: see the log line transform_retry`);
  return became;
}
