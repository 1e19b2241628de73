import { z } from 'zod';
import type { Service } from '../src/service.js';
import type { App } from './context.js';

const Alarm = z.object({
  cause: z.string().describe('Cause, one alarm each.'),
  severity: z.enum(['warning', 'critical']).describe('How bad it is.'),
  detail: z.string().describe('What happened.'),
  fix: z.string().describe('What to do.'),
  count: z.int().describe('How often it was seen while open.'),
  firstAt: z.date().describe('Open since.'),
  lastAt: z.date().describe('Seen last.'),
});

/** `GET /v1/alarms`: what is wrong now. */
export async function alarms(app: App, { service }: { service: Service }): Promise<void> {
  app.get(
    '/v1/alarms',
    {
      config: { auth: 'read' },
      schema: {
        tags: ['numbers'],
        summary: 'Open alarms',
        description: 'Causes of trouble that are not resolved, latest first.',
        querystring: z.strictObject({}),
        response: {
          200: z.object({ items: z.array(Alarm).describe('Latest first.') }).describe('Open alarms.'),
        },
      },
    },
    async () => {
      const open = await service.operations.openAlarms();
      return { items: open.map(({ _id, ...alarm }) => ({ cause: _id, ...alarm })) };
    },
  );
}
