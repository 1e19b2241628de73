import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { limit } from '../../src/complaint/limits.js';
import { RestComplaint } from '../../src/complaint/rest.js';
import type { Service } from '../../src/service.js';
import { envelopeOfPost } from '../../src/sources/api.js';
import { takeRaw } from '../bodies.js';
import type { App } from '../context.js';
import { ProblemError, problemResponse } from '../problem.js';
import {
  acceptAll,
  FeedQuery,
  KeyHeader,
  openDoorFirst,
  postContext,
  rawBody,
  refusalProblem,
  selfLink,
} from './door.js';

const TYPES = ['application/json'];

const Accepted = z
  .object({
    id: z.string().describe('Id of the complaint, from here to the ticket.'),
    reference: z.string().describe('Short reference with a check letter, to be quoted by people.'),
    outcome: z
      .enum(['accepted', 'repeated'])
      .describe('`accepted`: new and safely stored. `repeated`: it was here already, with the same content.'),
    links: z
      .object({ self: z.string().describe('Address of the complaint.') })
      .describe('Where to look next.'),
  })
  .describe('Stored durably; it is labelled and routed within seconds.');

/** `POST /v1/complaints`: one complaint. */
export async function post(app: App, { service }: { service: Service }): Promise<void> {
  openDoorFirst(app, service);
  takeRaw(app, TYPES);
  app.post(
    '/v1/complaints',
    {
      config: { auth: 'ingest', door: true },
      bodyLimit: limit('postBytes'),
      validatorCompiler: (part) =>
        part.httpPart === 'body' ? (data) => ({ value: data }) : validatorCompiler(part as never),
      schema: {
        tags: ['complaints'],
        summary: 'Push one complaint',
        description:
          'Answered when it is durable. Without `externalId` and `Idempotency-Key` every post is a new complaint; with one of them the same again is `repeated`. If both are given they must be the same.',
        consumes: TYPES,
        querystring: FeedQuery,
        headers: KeyHeader,
        body: RestComplaint,
        response: {
          202: Accepted,
          409: problemResponse(
            'The id is known with other content. Both versions are kept; `reference` is the first.',
          ),
          413: problemResponse('The body is over the limit.'),
          415: problemResponse('Not application/json in UTF-8.'),
        },
      },
    },
    async (request, reply) => {
      request.server.takeItems(request, 1);
      const made = envelopeOfPost(rawBody(request), postContext(request, service.now()));
      if (!made.ok) throw refusalProblem(made.refusal);
      const [answer] = await acceptAll(service, request, [made.envelope]);
      const { id, reference, outcome } = answer as NonNullable<typeof answer>;
      if (outcome === 'conflict')
        throw new ProblemError(
          'conflict',
          `Complaint ${reference} came with this id before and says something else. Both versions are kept, the first one counts. Use another id if this is another complaint.`,
          { id, reference },
        );
      const self = selfLink(service, id);
      return reply.code(202).header('location', self).send({ id, reference, outcome, links: { self } });
    },
  );
}
