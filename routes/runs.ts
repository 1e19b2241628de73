import { z } from 'zod';
import type { Service } from '../src/service.js';
import type { App } from './context.js';
import { Limit } from './params.js';

const count = (what: string) => z.int().describe(what);
const Run = z.object({
  id: z.string().describe('Id of the run.'),
  kind: z.string().describe("door: a feed's day at the API; import; job."),
  name: z.string().describe('Name.'),
  feed: z.string().describe('Feed.'),
  trigger: z.string().describe('What began it: start, cli, api or schedule.'),
  status: z.string().describe('running, success, partial or failed.'),
  cause: z.string().optional().describe('Why it failed.'),
  drift: z
    .array(
      z.object({
        kind: z.string().describe('What changed.'),
        column: z.string().describe('Column.'),
        was: z.string().optional().describe('Its name before.'),
        detail: z.string().describe('How, in counts, shares and formats.'),
      }),
    )
    .optional()
    .describe('How the file differs from the one before.'),
  startedAt: z.date().describe('Begin.'),
  endedAt: z.date().optional().describe('End.'),
  counts: z
    .object({
      read: count('Read.'),
      accepted: count('Accepted.'),
      repeated: count('Repeated.'),
      conflict: count('Conflicts.'),
      refused: count('Refused.'),
    })
    .optional()
    .describe('What it counted; known when it has ended.'),
  versions: z
    .object({
      software: z.string().describe('Version of Redress.'),
      aligned: count('Version of the common schema.'),
    })
    .describe('What it ran with.'),
});

/** `GET /v1/runs`: what was executed lately. */
export async function runs(app: App, { service }: { service: Service }): Promise<void> {
  app.get(
    '/v1/runs',
    {
      config: { auth: 'read' },
      schema: {
        tags: ['numbers'],
        summary: 'Latest runs',
        description: 'Each execution of an import, a job, or a day of a feed at the API, newest first.',
        querystring: z.strictObject({ limit: Limit() }),
        response: { 200: z.object({ items: z.array(Run).describe('Newest first.') }).describe('Runs.') },
      },
    },
    async ({ query }) => {
      const found = await service.operations.recentRuns(query.limit);
      return {
        items: found.map(({ _id, drift, ...run }) => ({
          id: _id,
          ...run,
          ...(drift ? { drift: [...drift] } : {}),
        })),
      };
    },
  );
}
