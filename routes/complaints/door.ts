import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LIMITS } from '../../src/complaint/limits.js';
import { didYouMean } from '../../src/complaint/nearest.js';
import type { Envelope } from '../../src/complaint/envelope.js';
import { errorFields } from '../../src/log.js';
import type { Service } from '../../src/service.js';
import type { ApiRefusal, PostContext } from '../../src/sources/api.js';
import type { DoorOutcome } from '../../src/staging/record.js';
import type { App } from '../context.js';
import { fieldErrors, retryLater, storeUnavailable } from '../errors.js';
import { ProblemError } from '../problem.js';
import { DEFAULT_FEED, doorFeed } from '../refusals.js';

export const FeedQuery = z.strictObject({
  feed: z
    .string()
    .max(40)
    .optional()
    .describe(`Feed of config/sources.yaml to put it into; default \`${DEFAULT_FEED}\`.`),
});

export const KeyHeader = z.looseObject({
  'idempotency-key': z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .max(LIMITS.idChars.value)
    .optional()
    .describe('Makes repeating the request safe: the same key again is answered as `repeated`.'),
});

const CLOSED = {
  stopping: 'The service is stopping. Send it again in a few seconds.',
  disk_low: 'The disk is nearly full, so nothing more is taken in. Send it again later.',
} as const;

/** Before the body is read: which feed, and is the door open. */
export function openDoorFirst(app: App, service: Service): void {
  app.addHook('onRequest', async (request) => {
    const named = (request.query as { feed?: unknown }).feed ?? DEFAULT_FEED;
    const feed = typeof named === 'string' ? service.feeds.get(named) : undefined;
    if (!feed) {
      const known = [...service.feeds.keys()];
      const near = didYouMean(String(named), known);
      throw new ProblemError(
        'unknown_feed',
        `\`feed\` names none of the feeds in config/sources.yaml.${near} There are: ${known.slice(0, 20).join(', ')}.`,
        { errors: [{ parameter: 'feed', detail: `is no feed.${near}` }] },
      );
    }
    request.feed = feed;
    const closed = service.closedBecause();
    if (closed) throw retryLater(closed, CLOSED[closed]);
  });
}

/** What turns a body into envelopes. `openDoorFirst` has found the feed. */
export const postContext = (request: FastifyRequest, now: Date): PostContext => ({
  feed: request.feed as NonNullable<FastifyRequest['feed']>,
  request: request.id,
  idempotencyKey: (request.headers as z.infer<typeof KeyHeader>)['idempotency-key'],
  now,
});

/** The door's answer once everything is durable; whatever goes wrong there is a 503, so that the sender tries again. */
export async function acceptAll(
  service: Service,
  request: FastifyRequest,
  envelopes: readonly Envelope[],
): Promise<DoorOutcome[]> {
  if (envelopes.length === 0) return [];
  const feed = doorFeed(request);
  try {
    const outcomes = await service.doors.accept(feed, envelopes);
    for (const { outcome } of outcomes) request.server.metrics.door(feed.name, outcome);
    return outcomes;
  } catch (error) {
    service.log('error', 'request_failed', { route: request.routeOptions.url, ...errorFields(error) });
    throw storeUnavailable();
  }
}

/** Bodies are described by their schema and read by hand: the bytes that came are what is kept. */
export const rawBody = (request: { body: unknown }): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);

export const refusalProblem = ({ code, detail, issues }: ApiRefusal): ProblemError =>
  new ProblemError(code, code === 'malformed' ? `The body can not be read. ${detail}` : detail, {
    ...(issues ? { errors: fieldErrors(issues, 'body') } : {}),
  });

export const selfLink = (service: Service, id: string): string =>
  `${service.config.http.publicUrl ?? ''}/v1/complaints/${id}`;
