import { z } from 'zod';
import type { Service } from '../../src/service.js';
import { countQuarantined, findQuarantined, itemsOf, matchOf } from '../../src/staging/quarantine.js';
import { QUARANTINE_STATUSES } from '../../src/staging/record.js';
import type { App } from '../context.js';
import { CursorText, cursorOf, IdOrReference, Limit, Next, pageOf } from '../params.js';
import { ProblemError, problemResponse } from '../problem.js';
import { conditions, filterOf, Item, Status } from './schemas.js';

const Query = z.strictObject({
  id: z.string().min(1).max(64).optional().describe('Only this one.'),
  ...conditions,
  status: Status.optional().describe(
    'Only with this status. Default: quarantined and failed, with `id` any of them.',
  ),
  limit: Limit(),
  cursor: CursorText.optional(),
});

const numbers = (what: string) => z.record(z.string(), z.int()).describe(what);
const Page = z
  .object({
    items: z.array(Item).describe('Newest first, by receivedAt.'),
    counts: z
      .object({
        total: z.int().describe('All.'),
        byReason: numbers('By reason; failed records and conflicts under their status.'),
        byFeed: numbers('By feed.'),
      })
      .optional()
      .describe('Of everything that the filter finds; on the first page only.'),
    next: Next,
  })
  .describe('One page; header `Link` leads to the next.');

/** `GET /v1/quarantine` and `/v1/quarantine/:id`: records that need a person. */
export async function quarantine(app: App, { service }: { service: Service }): Promise<void> {
  const { zone } = service.config.operator;
  app.get(
    '/v1/quarantine',
    {
      config: { auth: 'read' },
      schema: {
        tags: ['quarantine'],
        summary: 'Records that could not be used',
        description: 'With reason and what to do, newest first. All conditions given must hold.',
        querystring: Query,
        response: { 200: Page },
      },
    },
    async (request, reply) => {
      const { id, limit, cursor, ...said } = request.query;
      const filter = filterOf({ ...said, ...(id ? { ids: [id] } : {}) }, zone);
      const after = cursorOf(cursor)?.cursor;
      const found = await findQuarantined(service.staging, filter, { limit, after });
      const counts = after ? {} : { counts: await countQuarantined(service.staging, matchOf(filter)) };
      const { headers, ...next } = pageOf(request.url, found.next);
      return reply.headers(headers).send({ items: found.items, ...counts, ...next });
    },
  );

  app.get(
    '/v1/quarantine/:id',
    {
      config: { auth: 'read' },
      schema: {
        tags: ['quarantine'],
        summary: 'One record in quarantine',
        params: IdOrReference,
        response: {
          200: Item,
          404: problemResponse('No record with this id or reference is in quarantine.'),
        },
      },
    },
    async ({ params }) => {
      const record = await service.staging.find(params.id);
      if (record && (QUARANTINE_STATUSES as readonly string[]).includes(record.status)) {
        const [item] = await itemsOf(service.staging, [record]);
        if (item) return item;
      }
      throw new ProblemError(
        'not_found',
        record
          ? `The record is not in quarantine: its status is \`${record.status}\`. See /v1/complaints.`
          : 'No record has this id or reference.',
      );
    },
  );
}
