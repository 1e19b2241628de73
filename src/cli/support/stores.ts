import { setTimeout as sleep } from 'node:timers/promises';
import { RedressError } from '../../complaint/errors.js';
import type { Config } from '../../config.js';
import { type Core, openCore } from '../../core.js';
import { SILENT_MS } from '../../operations/runs.js';
import { openQueues } from '../../queue/queues.js';
import { attachEngines } from '../../store/embedded/index.js';
import { attempt, type Report } from './report.js';
import { count, counted } from './text.js';

const REDIS_ANSWER_MS = 5_000;

/** What the stores say, where they are up already: nothing is started for it. */
export async function checkStores(config: Config, filesAreRight: boolean, report: Report): Promise<void> {
  const { facts } = report;
  const own = config.stores.mongodbUri !== undefined;
  if (!own && (await attachEngines(config.data.dir)) === null) {
    facts.service = 'not running: alarms and destinations were not looked at';
    return;
  }
  if (!filesAreRight) {
    facts.service = 'not looked at: correct the files first';
    return;
  }
  await attempt(report, async () => {
    const quiet = { ...config, log: { ...config.log, level: 'silent' as const } };
    const core = await openCore({ config: quiet, owner: 'command' });
    try {
      facts.mongodb = `${core.store.serverVersion}, ${core.store.topology}`;
      await attempt(report, async () => {
        facts.redis = await redisVersion(core);
      });
      await checkWork(core, report);
    } finally {
      await core.close();
    }
  });
}

async function redisVersion(core: Core): Promise<string> {
  const queues = openQueues({ redis: core.redis, prefix: core.config.stores.queuePrefix, onError: () => {} });
  try {
    const version = await Promise.race([queues.version(), sleep(REDIS_ANSWER_MS, undefined, { ref: false })]);
    if (version !== undefined) return version;
    throw new RedressError(
      'doctor',
      'redis_silent',
      `Redis does not answer within ${REDIS_ANSWER_MS / 1_000} s.`,
      'Check REDIS_URL and that the server is up.',
    );
  } finally {
    await Promise.race([queues.close().catch(() => {}), sleep(1_000, undefined, { ref: false })]);
  }
}

async function checkWork(core: Core, { facts, problems }: Report): Promise<void> {
  const { operations, deliveries, staging } = core;
  facts['waiting records'] = count(await staging.waitingCount());
  const alarms = await operations.openAlarms();
  facts['open alarms'] = count(alarms.length);
  for (const { _id, detail, fix } of alarms) problems.push(`Alarm ${_id}: ${detail}. ${fix}`);
  const stopped = await deliveries.stopped();
  facts['stopped destinations'] = count(stopped.length);
  for (const { _id, stopped: why } of stopped)
    problems.push(
      `Nothing is sent to ${_id} (${why?.code ?? 'unknown'}). Correct its channel or token (config/routing.yaml, SLACK_BOT_TOKEN) and start again.`,
    );
  const silent = await operations.silentRuns(SILENT_MS);
  if (silent.length > 0)
    problems.push(
      `${counted(silent.length, 'run')} ended without a word (${silent.map((r) => r.name).join(', ')}). A service with the role scheduler closes them; run an import again.`,
    );
}
