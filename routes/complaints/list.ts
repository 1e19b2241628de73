import { z } from 'zod';
import { Source } from '../../src/complaint/aligned.js';
import { Category, Sentiment, Urgency } from '../../src/complaint/labels.js';
import { findComplaints } from '../../src/gold/query.js';
import { LIMITS } from '../../src/complaint/limits.js';
import { stems } from '../../src/gold/words.js';
import type { Service } from '../../src/service.js';
import type { App } from '../context.js';
import { CursorText, cursorOf, Flag, instant, Limit, Next, pageOf, When } from '../params.js';
import { ComplaintItem, RoutingState } from './schemas.js';
import { itemView } from './views.js';

const Query = z.strictObject({
  category: Category.optional(),
  sentiment: Sentiment.optional(),
  urgency: Urgency.optional(),
  negative: Flag.optional().describe('Only negative complaints, or only the others.'),
  source: Source.optional(),
  feed: z.string().max(40).optional().describe('Feed of config/sources.yaml.'),
  team: z.string().max(120).optional().describe('Team it was routed to.'),
  state: RoutingState.optional(),
  sourceRef: z
    .string()
    .max(LIMITS.fieldChars.value)
    .optional()
    .describe("The sender's own number of it: its ticket, or the `externalId`."),
  customer: z.string().max(128).optional().describe('Keyed hash of the customer, as complaints show it.'),
  words: z
    .string()
    .max(200)
    .refine((t) => stems(t).length > 0, { error: 'holds no word of two letters or more' })
    .refine((t) => stems(t).length <= LIMITS.searchWords.value, {
      error: `holds more than ${LIMITS.searchWords.value} words`,
    })
    .optional()
    .describe('Words that must all be in the text, in any form, with or without accents.'),
  from: When.optional().describe('occurredAt from here on: a day in the operator zone, or a time with zone.'),
  to: When.optional().describe('occurredAt before this.'),
  limit: Limit(),
  cursor: CursorText.optional(),
});

const Page = z
  .object({ items: z.array(ComplaintItem).describe('Newest first, by occurredAt.'), next: Next })
  .describe('One page; header `Link` leads to the next.');

/** `GET /v1/complaints`: labelled complaints by any of their fields. */
export async function list(app: App, { service }: { service: Service }): Promise<void> {
  const { zone } = service.config.operator;
  app.get(
    '/v1/complaints',
    {
      config: { auth: 'read' },
      schema: {
        tags: ['complaints'],
        summary: 'Find complaints',
        description: 'All conditions given must hold; labels are the ones that count. Texts are redacted.',
        querystring: Query,
        response: { 200: Page },
      },
    },
    async (request, reply) => {
      const { from, to, cursor, ...equal } = request.query;
      const query = {
        ...Object.fromEntries(Object.entries(equal).filter(([, v]) => v !== undefined)),
        ...(from ? { from: instant(from, zone) } : {}),
        ...(to ? { to: instant(to, zone) } : {}),
        ...cursorOf(cursor),
        limit: equal.limit,
      };
      const found = await findComplaints(service.gold, query);
      const { headers, ...next } = pageOf(request.url, found.next);
      return reply.headers(headers).send({ items: found.items.map((c) => itemView(service, c)), ...next });
    },
  );
}
