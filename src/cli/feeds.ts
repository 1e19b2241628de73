import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { shownPath } from '../config.js';
import { type Feed, type Feeds, loadFeeds } from '../config/feeds.js';
import { checkFile, type FileCheck } from '../sources/call-log/suggest-check.js';
import { suggestFeed } from '../sources/call-log/suggest.js';
import { openTable } from '../sources/call-log/suggest-table.js';
import { feedNameOf, yamlOf } from '../sources/call-log/suggest-yaml.js';
import { fileFeed } from '../sources/import-file.js';
import type { Cli } from './support/cli.js';
import { clean, count, counted, pairs, table, time } from './support/text.js';

export function feedsCommand(program: Command, cli: Cli): void {
  const feeds = program.command('feeds').description('feeds of config/sources.yaml, and files for them');
  feeds
    .command('list')
    .description('every feed with what it reads')
    .option('--json', 'as JSON on standard output')
    .action(({ json }: { json?: true }) => list(cli, json));
  feeds
    .command('suggest')
    .description('look at a file and propose a feed for it, with what speaks for each line; writes nothing')
    .argument('<file>', 'a CSV (also gz, zip) or xlsx file')
    .option('--json', 'the proposal as JSON on standard output')
    .action((file: string, { json }: { json?: true }) => suggest(cli, file, json));
  feeds
    .command('check')
    .description(
      'read a file by its feed as an import would, and say what would become of it; writes nothing',
    )
    .argument('<file>', 'the file')
    .requiredOption('--feed <name>', 'feed of config/sources.yaml')
    .option('--json', 'as JSON on standard output')
    .action((file: string, { feed, json }: { feed: string; json?: true }) => check(cli, file, feed, json));
}

/** From the files alone: no store is opened, so that it works before the first start too. */
function feedsOf(cli: Cli): Feeds {
  const { configDir, operator, routing } = cli.config();
  const path = join(configDir, 'sources.yaml');
  const defaults = { routeWithin: routing.within, region: operator.region, zone: operator.zone };
  return loadFeeds(path, defaults, shownPath(path, cli.io.cwd));
}

const formatOf = ({ moments }: Feed): string =>
  moments === undefined ? '' : moments.format.length === 0 ? 'auto' : moments.format.join(' or ');

function list(cli: Cli, json: true | undefined): void {
  const all = [...feedsOf(cli).values()];
  const rows = all.map((f) => [
    f.name,
    f.source,
    f.lane,
    f.owner ?? '',
    f.mapping?.text?.join(', ') ?? 'takes no files',
    formatOf(f),
    f.moments?.zone ?? f.zone,
    f.identity.kind === 'columns' ? f.identity.columns.join(', ') : f.identity.kind,
  ]);
  cli.say(table(['feed', 'source', 'lane', 'owner', 'text', 'times', 'zone', 'identity'], rows));
  if (json) cli.json(all);
}

async function suggest(cli: Cli, file: string, json: true | undefined): Promise<void> {
  const { region, zone } = cli.config().operator;
  const suggestion = await suggestFeed(await openTable(resolve(cli.io.cwd, file)), region);
  const name = feedNameOf(basename(file), new Set(feedsOf(cli).keys()));
  const { problem, unsure } = suggestion;
  const yaml = problem === undefined ? yamlOf(suggestion, name, { region, zone }) : undefined;
  if (json) cli.json({ feed: name, ...suggestion, ...(yaml === undefined ? {} : { yaml }) });
  if (yaml === undefined) {
    const columns = suggestion.extra.map((e) => `  ${clean(e.column)}: ${e.evidence}`);
    cli.say(
      `No feed can be proposed for ${clean(file)}. ${problem ?? ''}\nIts columns:\n${columns.join('\n')}`,
    );
    cli.say('If one of them is the complaint, write the feed by hand: docs/sources/mapping.md.');
    return cli.failed();
  }
  cli.say(`To be put under \`feeds:\` in config/sources.yaml:\n\n${yaml}`);
  if (unsure.length > 0) cli.say('Look at these first:');
  for (const doubt of unsure) cli.say(`- ${clean(doubt)}`);
  cli.say(`Then: redress feeds check ${clean(file)} --feed ${name}`);
}

async function check(cli: Cli, file: string, name: string, json: true | undefined): Promise<void> {
  const feed = fileFeed(feedsOf(cli), name);
  const result = await checkFile(resolve(cli.io.cwd, file), feed, new Date());
  const whole = result.lines.counted === result.lines.covered;
  const ok = whole && result.bad.length === 0;
  report(cli, feed, result);
  if (!whole)
    cli.say(
      `  the rows cover ${count(result.lines.covered)} of ${count(result.lines.counted)} lines of the file`,
    );
  cli.say(
    ok ? 'Nothing speaks against importing it.' : 'Every row would be kept, with something to look at.',
  );
  if (json) cli.json({ feed: name, ok, ...result });
  if (!ok) cli.failed();
}

function report(cli: Cli, feed: Feed, { facts, rows, good, bad, fields, ...rest }: FileCheck): void {
  const { from, to, historic, closed, extra } = rest;
  const delimiter = facts.delimiter === '\t' ? 'tab' : facts.delimiter;
  const dates = facts.dateFormat ?? formatOf(feed);
  const had = Object.entries(fields).map(([field, n]) => `${field} ${count(n)}`);
  cli.say(
    pairs([
      ['read as', `${facts.container}, ${facts.encoding}, delimiter ${delimiter}`],
      [
        'times',
        dates === '' ? 'none in the file: that of arrival' : `${dates} in ${feed.moments?.zone ?? feed.zone}`,
      ],
      ['from, to', from && to ? `${time(from)}, ${time(to)}` : undefined],
      ['rows', `${count(rows)}, good ${count(good)}`],
      ['fields', had.join(', ')],
      [
        'to no team',
        `${count(historic)} too old (${feed.routeWithin / 3_600_000} h), ${count(closed)} closed at the source`,
      ],
      ['kept as they are', extra.map(clean).join(', ')],
    ]),
  );
  for (const { reason, rows: n, first, detail } of bad)
    cli.say(
      `  quarantine ${reason}: ${counted(n, 'row')} (${first.join(', ')}${n > first.length ? ', ...' : ''}): ${clean(detail)}`,
    );
}
