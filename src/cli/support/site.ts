import { existsSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../../config.js';
import { loadFeeds } from '../../config/feeds.js';
import { readModel } from '../../inference/manifest.js';
import { freeMb } from '../../operations/tick.js';
import { modelDir, packageVersion } from '../../paths.js';
import { loadRouting } from '../../routing/rules.js';
import { inspectEngines } from '../../store/embedded/index.js';
import { attempt, type Report, withoutPrefix } from './report.js';
import { count, counted } from './text.js';

const OLDEST_NODE = [20, 19] as const;

export function checkHost({ facts, problems }: Report): void {
  facts.redress = packageVersion;
  facts.node = process.version;
  facts.system = `${os.type()} ${os.release()} ${os.arch()}, ${counted(os.availableParallelism(), 'core')}, ${count(Math.round(os.totalmem() / 1_048_576))} MiB memory`;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]))
    problems.push(`Node ${process.version} is too old. Install Node ${OLDEST_NODE.join('.')} or later.`);
}

/** Feeds and routing; true if both can be used. */
export function checkFiles(config: Config, { facts, problems }: Report): boolean {
  const { zone, region } = config.operator;
  try {
    const feeds = loadFeeds(join(config.configDir, 'sources.yaml'), {
      routeWithin: config.routing.within,
      region,
      zone,
    });
    facts.feeds = [...feeds.keys()].join(', ');
    const routing = loadRouting(join(config.configDir, 'routing.yaml'), { feeds: feeds.keys() });
    facts.routing = `${counted(Object.keys(routing.teams).length, 'team')}, rules version ${routing.version}`;
    return true;
  } catch (error) {
    facts[facts.feeds === undefined ? 'feeds' : 'routing'] = 'NOT VALID';
    problems.push(withoutPrefix(error));
    return false;
  }
}

export async function checkModel(config: Config, report: Report): Promise<void> {
  const loads = await attempt(report, async () => {
    const { info } = await readModel(modelDir(config.inference.model));
    const { measuredOn, categoryAccuracy, negativeRecall } = info.score;
    report.facts.model = `${info.id}, weights ${info.weightsHash.slice(0, 12)}; measured on ${measuredOn}: category accuracy ${categoryAccuracy.toFixed(3)}, negative recall ${negativeRecall.toFixed(3)}`;
  });
  if (!loads) report.facts.model = `${config.inference.model}: DOES NOT LOAD`;
}

/** The embedded ones; nothing to see where the operator has servers. */
export async function checkEngines(config: Config, report: Report): Promise<void> {
  if (config.stores.mongodbUri !== undefined) {
    report.facts.stores = 'your own (MONGODB_URI, REDIS_URL)';
    return;
  }
  report.facts.stores = 'embedded engines';
  await attempt(report, async () => {
    const { facts, problems } = await inspectEngines(config.data.dir);
    const { system: _, 'free space': __, ...rest } = facts; // told by other checks
    Object.assign(report.facts, rest);
    report.problems.push(...problems);
  });
}

export async function checkDisk(config: Config, { facts, problems }: Report): Promise<void> {
  let folder = config.data.dir;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const free = await freeMb(folder);
  facts['free disk'] = `${count(free)} MiB at ${folder}`;
  if (free < config.disk.minFreeMb)
    problems.push(
      `Only ${free} MiB are free at ${folder}, ${config.disk.minFreeMb} are needed: complaints are refused. Free some, or lower disk.minFreeMb.`,
    );
}

/** Who hears of what. */
export function checkNotice({ slack, mail }: Config, { facts, problems }: Report): void {
  facts.slack = slack.botToken === undefined ? 'no token: messages go to the outbox' : 'token set';
  const operators = mail.operators.length;
  facts.mail =
    mail.smtpUrl === undefined
      ? 'no server: alarms go to the outbox'
      : `server set, ${counted(operators, 'operator')}`;
  if (mail.smtpUrl !== undefined && operators === 0)
    problems.push(
      'A mail server is set and nobody gets its mails. Set mail.operators (REDRESS_MAIL_OPERATORS).',
    );
}
