import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';
import type { Profile } from './drift-profile.js';

/** The last look of a feed. */
export type FeedLook = {
  /** The feed; of what is posted to it `posts:` and the feed. */
  readonly _id: string;
  /** The run that wrote this. */
  readonly run: string;
  readonly profile: Profile;
  /** What that run was compared with, so that it can be done again. */
  readonly before?: Profile;
};

/** The collection `feeds`: one small document a feed. */
export function driftStore(store: Pick<Store, 'collection'>) {
  const feeds = store.collection<FeedLook>('feeds');
  return {
    look: (feed: string) => steady(() => feeds.findOne({ _id: feed })),
    putLook: (look: FeedLook) =>
      steady(() => feeds.replaceOne({ _id: look._id }, look, { upsert: true })).then(() => undefined),
  };
}
