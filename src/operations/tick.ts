import { statfs } from 'node:fs/promises';
import type { GoldStore } from '../gold/store.js';
import { countStaleHours } from '../gold/trends.js';
import type { Log } from '../log.js';
import type { Feeder } from '../queue/feeder.js';
import type { Queues } from '../queue/queues.js';
import type { RoutingStore } from '../routing/store.js';
import type { StagingStore } from '../staging/store.js';
import type { Alarms } from './alarms.js';
import { recoverRuns } from './runs.js';
import type { OperationsStore } from './store.js';
import { checkUnusable } from './unusable.js';

/** What is done again and again, and how often at most (ms). */
export const tickTasks = (deps: {
  readonly feeder: Feeder;
  readonly queues: Queues;
  readonly deliveries: RoutingStore;
  readonly gold: GoldStore;
  readonly operations: OperationsStore;
  readonly staging: StagingStore;
  readonly alarms: Alarms;
  readonly now: () => Date;
  readonly log: Log;
}) => [
  { name: 'feed live', everyMs: 1_000, run: () => deps.feeder.refill('live') },
  { name: 'feed bulk', everyMs: 1_000, run: () => deps.feeder.refill('bulk') },
  {
    name: 'deliver',
    everyMs: 1_000,
    run: async () => {
      for (const destination of await deps.deliveries.dueDestinations(deps.now()))
        await deps.queues.add('deliver', destination, { destination });
    },
  },
  { name: 'trends', everyMs: 1_000, run: () => countStaleHours(deps.gold, 500) },
  { name: 'silent runs', everyMs: 10_000, run: () => recoverRuns(deps) },
  { name: 'unusable rows', everyMs: 30_000, run: () => checkUnusable(deps) },
];

/** Free MiB of the file system that `folder` is on. */
export async function freeMb(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.floor((bavail * bsize) / 1_048_576);
}

/** Watches free disk: `low()` is what the doors ask. Looks every `everyMs`. */
export function watchDisk(deps: {
  readonly folder: string;
  readonly minFreeMb: number;
  readonly alarms: Alarms;
  readonly everyMs?: number;
}): { low: () => boolean; stop: () => void } {
  let low = false;
  const look = async () => {
    const free = await freeMb(deps.folder);
    if (free < deps.minFreeMb && !low)
      await deps.alarms.raise(
        'disk_low',
        '',
        `${free} MiB free in the data folder, ${deps.minFreeMb} are needed`,
      );
    if (free >= deps.minFreeMb && low) await deps.alarms.resolve('disk_low', '');
    low = free < deps.minFreeMb;
  };
  const guarded = () => void look().catch(() => {}); // the folder may be away for a moment; the next look tells
  guarded();
  const timer = setInterval(guarded, deps.everyMs ?? 5_000);
  timer.unref();
  return { low: () => low, stop: () => clearInterval(timer) };
}
