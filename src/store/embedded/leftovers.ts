import { setTimeout as delay } from 'node:timers/promises';
import type { EnginesRecord } from './engines-file.js';
import { codeOf, engineError } from './errors.js';
import { commandLineOf } from './process-identity.js';
import { mongodbSocketOf } from './sockets.js';

/** A MongoDB child takes up to 15 s to close and then ends itself. */
const GRACE_MS = 16_000;
const POLL_MS = 20;

/**
 * Waits for engines that outlived a killed owner; both are asked to end at once and killed after a grace time.
 * An old Redis removes its socket file when it ends, so the new one must not start before.
 * Throws `leftover_engine` if one belongs to another user.
 */
export async function stopLeftovers(record: EnginesRecord, graceMs = GRACE_MS): Promise<void> {
  await Promise.all([
    stopLeftover('mongodb', record.pids.mongodb, mongodbSocketOf(record.mongodbUri), graceMs),
    stopLeftover('redis', record.pids.redis, record.redisPath, graceMs),
  ]);
}

/** The command line must name our socket: the pid may long belong to somebody else. */
async function stopLeftover(name: string, pid: number | undefined, socket: string, graceMs: number) {
  if (pid === undefined) return;
  const isOurs = () => commandLineOf(pid).includes(socket);
  if (!isOurs()) return;
  signal(name, pid, 'SIGTERM');
  for (let waited = 0; isOurs(); waited += POLL_MS) {
    if (waited >= graceMs) signal(name, pid, 'SIGKILL');
    await delay(POLL_MS);
  }
}

function signal(name: string, pid: number, which: NodeJS.Signals) {
  try {
    process.kill(pid, which);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return;
    throw engineError(
      'leftover_engine',
      `A ${name} engine of an earlier run still lives (process ${pid}) and can't be stopped (${codeOf(error)}).`,
      `End it as the user who started it: kill -9 ${pid}.`,
    );
  }
}
