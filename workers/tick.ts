import type { Log } from '../src/log.js';
import { errorFields } from '../src/log.js';
import type { Consumer, Queues } from '../src/queue/queues.js';

export type TickTask = {
  readonly name: string;
  /** Not more often than this, ms. */
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
};

/** The tasks that are due at `now`; pure. A task that never ran is due. */
export const dueTasks = (
  tasks: readonly TickTask[],
  lastRuns: ReadonlyMap<string, number>,
  now: number,
): TickTask[] => tasks.filter((t) => now - (lastRuns.get(t.name) ?? Number.NEGATIVE_INFINITY) >= t.everyMs);

/** Runs what is due once a second, one after the other; a task that fails is logged and tried again at its next turn. */
export async function startTick(deps: {
  readonly queues: Queues;
  readonly tasks: readonly TickTask[];
  readonly now: () => Date;
  readonly log: Log;
}): Promise<Consumer> {
  const lastRuns = new Map<string, number>();
  await deps.queues.every('tick', 1_000);
  return deps.queues.work('tick', async () => {
    const now = deps.now().getTime();
    for (const task of dueTasks(deps.tasks, lastRuns, now)) {
      lastRuns.set(task.name, now);
      await task
        .run()
        .catch((error: unknown) =>
          deps.log('warn', 'tick_failed', { task: task.name, ...errorFields(error) }),
        );
    }
  });
}
