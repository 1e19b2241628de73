import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { LIMITS, limit } from '../../src/complaint/limits.js';
import { RestComplaint } from '../../src/complaint/rest.js';
import type { Service } from '../../src/service.js';
import { envelopesOfBatch } from '../../src/sources/api.js';
import { takeRaw } from '../bodies.js';
import type { App } from '../context.js';
import { problemResponse } from '../problem.js';
import { FeedQuery, KeyHeader, openDoorFirst, postContext, rawBody, refusalProblem } from './door.js';
import { acceptItems, Counts, countsOf, Item } from './items.js';

const LINES = 'application/x-ndjson';
const TYPES = ['application/json', LINES];

const Outcome = z
  .object({
    counts: Counts.describe('Items by outcome.'),
    items: z.array(Item).describe('One outcome an item, in order.'),
  })
  .describe('The batch was read; what was accepted is durable.');

/** `POST /v1/complaints/batch`: many at once, each for itself. */
export async function batch(app: App, { service }: { service: Service }): Promise<void> {
  openDoorFirst(app, service);
  takeRaw(app, TYPES);
  app.post(
    '/v1/complaints/batch',
    {
      config: { auth: 'ingest', door: true },
      bodyLimit: limit('batchBytes'),
      validatorCompiler: (part) =>
        part.httpPart === 'body' ? (data) => ({ value: data }) : validatorCompiler(part as never),
      schema: {
        tags: ['complaints'],
        summary: 'Push many complaints',
        description: `A JSON array, or \`${LINES}\` with one complaint a line; at most ${LIMITS.batchItems.value} items. Each item has its own outcome, and a bad one stops no other: look at \`counts.refused\`. Batches take the slower lane. With an \`Idempotency-Key\` an item without \`externalId\` is told by the key and its place, so the same batch can be sent again.`,
        consumes: TYPES,
        querystring: FeedQuery,
        headers: KeyHeader,
        body: z.array(RestComplaint).describe('Complaints.'),
        response: {
          202: Outcome,
          413: problemResponse('The body or the number of items is over the limit.'),
          415: problemResponse('Neither application/json nor application/x-ndjson in UTF-8.'),
        },
      },
    },
    async (request, reply) => {
      const lines = request.headers['content-type']?.includes(LINES);
      const made = envelopesOfBatch(
        rawBody(request),
        lines ? 'lines' : 'array',
        postContext(request, service.now()),
      );
      if (!made.ok) throw refusalProblem(made.refusal);
      request.server.takeItems(request, made.items.length);
      const items = await acceptItems(service, request, made.items);
      return reply.code(202).send({ counts: countsOf(items), items });
    },
  );
}
