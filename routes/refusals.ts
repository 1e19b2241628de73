import type { FastifyRequest } from 'fastify';
import type { RefusalReason } from '../src/complaint/reasons.js';
import { errorFields } from '../src/log.js';
import type { Service } from '../src/service.js';
import type { DoorFeed } from '../src/staging/doors.js';

/** The feed of posts that name none, and under which those are counted that name one that does not exist. */
export const DEFAULT_FEED = 'api';

/** The door of a request's feed; what comes in numbers takes the slower lane. */
export const doorFeed = ({ feed, routeOptions }: FastifyRequest): DoorFeed => ({
  name: feed?.name ?? DEFAULT_FEED,
  source: feed?.source ?? 'api',
  lane: /\/(batch|stream)$/.test(routeOptions.url ?? '') ? 'bulk' : (feed?.lane ?? 'live'),
});

/** Counts what was turned away, before the answer. If it can't be counted, the answer is still given. */
export async function countRefusal(
  service: Pick<Service, 'doors' | 'log'>,
  request: FastifyRequest,
  reason: RefusalReason,
  times = 1,
): Promise<void> {
  const feed = doorFeed(request);
  try {
    await service.doors.refuse(feed, reason, times);
  } catch (error) {
    service.log('error', 'request_failed', {
      route: request.routeOptions.url,
      reason,
      ...errorFields(error),
    });
  }
  request.server.metrics.door(feed.name, 'refused', times);
}
