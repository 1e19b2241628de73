import { z } from 'zod';
import type { Service } from '../src/service.js';
import type { App } from './context.js';
import { ProblemError, problemResponse } from './problem.js';
import { probe } from './probe.js';

const PATIENCE_MS = 2_000;
const WHY = {
  stopping: 'The process is stopping: send nothing more to it.',
  disk_low: 'Free disk is under disk.minFreeMb: free some.',
  mongodb: `MongoDB did not answer in ${PATIENCE_MS / 1_000} s: see that it is up and MONGODB_URI is right.`,
  redis: `Redis did not answer in ${PATIENCE_MS / 1_000} s: see that it is up and REDIS_URL is right.`,
} as const;

/** Is the process alive, and should it be sent requests. Open: a probe has no key. */
export async function health(app: App, { service }: { service: Service }): Promise<void> {
  const mongodb = probe(() => service.store.ping(), { patienceMs: PATIENCE_MS });
  const redis = probe(() => service.queues.version(), { patienceMs: PATIENCE_MS });

  app.get(
    '/health/live',
    {
      config: { auth: 'open' },
      schema: {
        tags: ['operation'],
        summary: 'Is the process alive',
        response: {
          200: z.object({ status: z.literal('alive').describe('Always this.') }).describe('Alive.'),
        },
      },
    },
    async () => ({ status: 'alive' as const }),
  );

  app.get(
    '/health/ready',
    {
      config: { auth: 'open' },
      schema: {
        tags: ['operation'],
        summary: 'Can it take and answer requests',
        description: 'Whether MongoDB and Redis answer, there is disk left, and the process is not stopping.',
        response: {
          200: z.object({ status: z.literal('ready').describe('Always this.') }).describe('Ready.'),
          503: problemResponse('Not ready; `errors` say what and why: stopping, disk_low, mongodb, redis.'),
        },
      },
    },
    async () => {
      const [database, queue] = await Promise.all([mongodb(), redis()]);
      const closed = service.closedBecause();
      const wrong: (keyof typeof WHY)[] = [
        ...(closed ? [closed] : []),
        ...(database.ok ? [] : (['mongodb'] as const)),
        ...(queue.ok ? [] : (['redis'] as const)),
      ];
      if (wrong.length === 0) return { status: 'ready' as const };
      throw new ProblemError('not_ready', `Not ready: ${wrong.join(', ')}. See \`errors\`.`, {
        errors: wrong.map((name) => ({ parameter: name, detail: WHY[name] })),
        headers: { 'retry-after': '5' },
      });
    },
  );
}
