import type { Consumer, Queues } from '../src/queue/queues.js';
import type { Log } from '../src/log.js';
import { type DrainDeps, drain } from '../src/routing/drain.js';

/** Longest time one job drains its destination before others of the queue get their turn. */
const TURN_MS = 30_000;

/** Drains destinations; a destination has one job at a time, so its deliveries keep their order. */
export function startDeliverWorker(deps: {
  readonly queues: Queues;
  readonly drain: DrainDeps;
  readonly log: Log;
}): Consumer {
  return deps.queues.work('deliver', async ({ destination }) => {
    const until = new Date(deps.drain.now().getTime() + TURN_MS);
    const { sent, end } = await drain(destination, deps.drain, until);
    if (end === 'wait') deps.log('info', 'destination_waits', { destination });
    if (sent > 0) deps.log('debug', 'deliver_done', { destination, sent, end });
  });
}
