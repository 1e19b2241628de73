import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { LIMITS, limit } from '../../src/complaint/limits.js';
import { RestComplaint } from '../../src/complaint/rest.js';
import type { RefusalReason } from '../../src/complaint/reasons.js';
import type { Service } from '../../src/service.js';
import { type ApiEnvelope, envelopesOfBatch } from '../../src/sources/api.js';
import type { DoorOutcome } from '../../src/staging/record.js';
import { takeRaw } from '../bodies.js';
import type { App } from '../context.js';
import { fieldErrors } from '../errors.js';
import { problemResponse, ProblemBody } from '../problem.js';
import { countRefusal } from '../refusals.js';
import {
  acceptAll,
  FeedQuery,
  KeyHeader,
  openDoorFirst,
  postContext,
  rawBody,
  refusalProblem,
} from './door.js';

const LINES = 'application/x-ndjson';
const TYPES = ['application/json', LINES];

const ItemError = ProblemBody.pick({ code: true, detail: true, errors: true });
const Item = z.object({
  index: z.int().describe('Place in the batch, from 0.'),
  outcome: z
    .enum(['accepted', 'repeated', 'conflict', 'refused'])
    .describe('accepted, repeated: stored. conflict: kept beside the first version. refused: not stored.'),
  id: z.string().optional().describe('Id of the complaint; absent if refused.'),
  reference: z.string().optional().describe('Its reference; absent if refused.'),
  error: ItemError.optional().describe('Why it was refused or is a conflict.'),
});
type Item = z.infer<typeof Item>;

const Counts = z.object({
  read: z.int().describe('Items in the batch: the sum of the others.'),
  accepted: z.int().describe('New and durably stored.'),
  repeated: z.int().describe('Here already, with the same content.'),
  conflict: z.int().describe('Here already, with other content.'),
  refused: z.int().describe('Not stored.'),
});

const Outcome = z
  .object({
    counts: Counts.describe('Items by outcome.'),
    items: z.array(Item).describe('One outcome an item, in order.'),
  })
  .describe('The batch was read; what was accepted is durable.');

const CONFLICT = {
  code: 'conflict',
  detail: 'The id is known with other content. Both versions are kept, the first one counts.',
};

/** Outcomes of the items, in order: the door's for those that reached it. */
function itemsOf(items: readonly ApiEnvelope[], outcomes: readonly DoorOutcome[]): Item[] {
  let next = 0;
  return items.map((item, index): Item => {
    if (!item.ok) {
      const { issues, code, detail } = item.refusal;
      const errors = issues && fieldErrors(issues, 'body');
      return { index, outcome: 'refused', error: { code, detail, ...(errors ? { errors } : {}) } };
    }
    const answer = outcomes[next++] as DoorOutcome;
    return { index, ...answer, ...(answer.outcome === 'conflict' ? { error: CONFLICT } : {}) };
  });
}

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
      const good = made.items.flatMap((i) => (i.ok ? [i.envelope] : []));
      const items = itemsOf(made.items, await acceptAll(service, request, good));
      const refused = made.items.flatMap((i) => (i.ok ? [] : [i.refusal.code satisfies RefusalReason]));
      for (const reason of new Set(refused))
        await countRefusal(service, request, reason, refused.filter((r) => r === reason).length);
      const count = (outcome: Item['outcome']) => items.filter((i) => i.outcome === outcome).length;
      const counts = {
        read: items.length,
        accepted: count('accepted'),
        repeated: count('repeated'),
        conflict: count('conflict'),
        refused: count('refused'),
      };
      return reply.code(202).send({ counts, items });
    },
  );
}
