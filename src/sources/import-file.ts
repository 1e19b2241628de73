import { RedressError } from '../complaint/errors.js';
import { didYouMean } from '../complaint/nearest.js';
import type { Feed, Feeds } from '../config/feeds.js';

/** A feed that takes files. */
export type FileFeed = Feed & { readonly mapping: NonNullable<Feed['mapping']> };

export function fileFeed(feeds: Feeds, name: string): FileFeed {
  const feed = feeds.get(name);
  const importable = [...feeds.values()].filter((f) => f.mapping).map((f) => f.name);
  if (!feed)
    throw new RedressError(
      'import',
      'unknown_feed',
      `There is no feed "${name.slice(0, 80)}".${didYouMean(name, feeds.keys())}`,
      `Feeds that take files: ${importable.join(', ') || 'none'}. config/sources.yaml declares them.`,
    );
  const { mapping } = feed;
  if (!mapping)
    throw new RedressError(
      'import',
      'feed_without_mapping',
      `Feed ${name} has no mapping: nothing says which column of a file is the complaint.`,
      `Give it one in config/sources.yaml (mapping: text, occurredAt, ...; call_centre is an example), or name a feed that has one: ${importable.join(', ') || 'none'}.`,
    );
  return { ...feed, mapping };
}
