import { z } from 'zod';
import type { Service } from '../src/service.js';
import type { App } from './context.js';
import { Limit } from './params.js';

const Message = z.object({
  id: z.string().describe('Id of the delivery or mail.'),
  kind: z.enum(['slack', 'mail']).describe('What it would have been.'),
  to: z.string().describe('Channel or addresses.'),
  subject: z.string().describe('Subject.'),
  body: z.string().describe('Redacted text.'),
  createdAt: z.date().describe('When.'),
});

/** `GET /v1/outbox`: messages that had nowhere to go, as there is no Slack token or mail server. */
export async function outbox(app: App, { service }: { service: Service }): Promise<void> {
  app.get(
    '/v1/outbox',
    {
      config: { auth: 'desk' },
      schema: {
        tags: ['desk'],
        summary: 'Messages kept instead of sent',
        description: 'What would have gone to Slack or by mail, newest first, where neither is set up.',
        querystring: z.strictObject({ limit: Limit() }),
        response: {
          200: z.object({ items: z.array(Message).describe('Newest first.') }).describe('Messages.'),
        },
      },
    },
    async ({ query }) => {
      const found = await service.sinks.recentOutbox(query.limit);
      return { items: found.map(({ _id, ...message }) => ({ id: _id, ...message })) };
    },
  );
}
