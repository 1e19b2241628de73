import { placeOf } from '../../complaint/gold.js';
import { type Desk, decide } from '../../routing/decide.js';
import type { Remembered, Transformed } from '../items.js';
import { each, type Step } from '../step.js';
import type { Labelled } from './classify.js';

/** What of a feed's settings the decision depends on. */
export type FeedPolicy = { readonly routeWithinMs: number; readonly closedStatuses: readonly string[] };

/**
 * Adds the routing decision that would be made now. Whether it becomes the complaint's is for gold to say: a decision
 * that stands there already is kept.
 */
export function route(
  desk: () => Desk,
  policyOf: (feed: string) => FeedPolicy,
  now: () => Date,
): Step<Remembered & Labelled, Transformed> {
  return each(function route(item) {
    const { record, aligned, prediction } = item;
    const { sourceStatus } = aligned;
    const place = aligned.place ?? placeOf({ entities: item.entities });
    const { second } = prediction.heads;
    const facts = {
      id: item.id,
      feed: record.feed,
      source: record.source,
      occurredAt: aligned.occurredAt,
      receivedAt: aligned.receivedAt,
      effective: item.effective,
      confidence: prediction.heads.category.confidence,
      negative: prediction.negative,
      negativeScore: prediction.negativeScore,
      review: item.review,
      route: record.route,
      ...policyOf(record.feed),
      ...(place === undefined ? {} : { place }),
      ...(sourceStatus === undefined ? {} : { sourceStatus }),
      ...(second === undefined ? {} : { second }),
    };
    return { ...item, routing: decide(facts, desk(), now()) };
  });
}
