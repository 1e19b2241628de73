import { createHash } from 'node:crypto';
import type { Core } from '../core.js';
import { canonicalJson } from '../sources/api/json.js';
import type { TransformFeed } from './steps/align.js';

type Settings = Pick<Core, 'feeds' | 'config'>;

/** What the transform needs of a feed; a record of a feed that is no longer configured is read by the defaults. */
export function feedPolicy({ feeds, config }: Settings, name: string): TransformFeed {
  const feed = feeds.get(name);
  return {
    region: feed?.region ?? config.operator.region,
    zone: feed?.zone ?? config.operator.zone,
    own: config.operator.names.map((name) => name.toLowerCase()),
    routeWithinMs: feed?.routeWithin ?? config.routing.within,
    closedStatuses: feed?.closedStatuses ?? [],
    encoding: feed?.encoding ?? 'auto',
    ...(feed?.mapping ? { mapping: feed.mapping } : {}),
    ...(feed?.moments ? { moments: feed.moments } : {}),
  };
}

/** Hashes of what the transform needs of feeds; `others`: of those that are not configured. */
export type Fingerprints = { readonly feeds: Readonly<Record<string, string>>; readonly others: string };

export function fingerprintsOf(settings: Settings): Fingerprints {
  const of = (name: string) =>
    createHash('sha256')
      .update(canonicalJson(feedPolicy(settings, name)))
      .digest('hex')
      .slice(0, 8);
  const names = [...settings.feeds.keys()];
  return { feeds: Object.fromEntries(names.map((name) => [name, of(name)])), others: of('') };
}

export const fingerprintOf = ({ feeds, others }: Fingerprints, feed: string): string =>
  (Object.hasOwn(feeds, feed) ? feeds[feed] : undefined) ?? others;
