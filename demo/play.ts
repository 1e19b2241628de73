import { createRuns } from '../src/operations/runs.js';
import { type ImportResult, importFile } from '../src/sources/import.js';
import type { RoutePolicy } from '../src/staging/record.js';
import type { Client, Outcome } from './client.js';
import { type Post, type Written, WRITTEN } from './messages.js';
import type { Site } from './site.js';

/** What one channel handed in and what its door answered. */
export type Played = {
  readonly name: string;
  readonly feed: string;
  readonly how: string;
  sent: number;
  readonly outcomes: Record<Outcome, number>;
};

export type FileToPlay = {
  readonly name: string;
  readonly how: string;
  readonly path: string;
  readonly feed: string;
  readonly route: RoutePolicy;
};

const NAMES: Readonly<Record<Written, { readonly name: string; readonly how: string }>> = {
  x: { name: 'X posts', how: 'HTTP, single' },
  sms: { name: 'SMS', how: 'HTTP, by 12' },
  form: { name: 'web form', how: 'HTTP, single' },
  api: { name: 'CRM', how: 'HTTP, by 8' },
};
const played = (of: Pick<Played, 'name' | 'feed' | 'how'>): Played => ({
  ...of,
  sent: 0,
  outcomes: { accepted: 0, repeated: 0, conflict: 0, refused: 0 },
});

/** Channels of the posts, nothing sent yet. */
export const postChannels = (): Played[] => WRITTEN.map((feed) => played({ ...NAMES[feed], feed }));
export const fileChannel = ({ name, how, feed }: FileToPlay): Played => played({ name, how, feed });

/** Sends the posts one after the other. Fills `channels`, and `ids`: complaint by the sender's own id. */
export async function playPosts(
  posts: readonly Post[],
  client: Client,
  channels: readonly Played[],
  ids: Map<string, string>,
): Promise<void> {
  for (const post of posts) {
    const channel = channels.find((c) => c.feed === post.feed) as Played;
    const answers = await client.post(post);
    channel.sent += post.bodies.length;
    for (const [i, { outcome, id }] of answers.entries()) {
      channel.outcomes[outcome] += 1;
      const externalId = post.bodies[i]?.externalId;
      if (outcome === 'accepted' && id !== undefined && externalId !== undefined) ids.set(externalId, id);
    }
  }
}

/** Imports a file as `redress import` does. Throws what made it fail; what it had taken in is kept. */
export async function playFile(
  file: FileToPlay,
  { running: { service } }: Site,
  channel: Played,
  signal: AbortSignal,
): Promise<ImportResult> {
  const { operations: store, software, now, log, queues } = service;
  const runs = createRuns({ store, software, now, log });
  try {
    const result = await importFile({
      core: service,
      runs,
      queues,
      feed: file.feed,
      path: file.path,
      route: file.route,
      signal,
      onProgress: ({ rows }) => {
        channel.sent = rows;
      },
    });
    if (result.error !== undefined) throw result.error;
    signal.throwIfAborted();
    const { read, accepted, repeated, conflict, refused } = result.counts;
    channel.sent = read;
    Object.assign(channel.outcomes, { accepted, repeated, conflict, refused });
    return result;
  } finally {
    runs.close();
  }
}
