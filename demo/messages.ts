import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/paths.js';

export const DATA = join(packageRoot, 'demo', 'data');

/** The channels that come as HTTP posts; each is a feed of the same name. */
export const WRITTEN = ['x', 'sms', 'form', 'api'] as const;
export type Written = (typeof WRITTEN)[number];

/** These two post batches, as a gateway and a CRM would; the others post each message by itself. */
const BATCH: Readonly<Partial<Record<Written, number>>> = { sms: 12, api: 8 };

export type Body = { readonly externalId: string } & Readonly<Record<string, unknown>>;

/** One HTTP post: a body by itself, or several in one batch. */
export type Post = { readonly feed: Written; readonly batch: boolean; readonly bodies: readonly Body[] };

const jsonLines = (name: string): Record<string, unknown>[] =>
  readFileSync(join(DATA, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/**
 * The posts of all channels in the order in which customers wrote, times counted back from `base`. What is delivered
 * twice is so with the same time, else it would be a conflict.
 */
export function postsAt(base: Date): Post[] {
  const all = WRITTEN.flatMap((feed) =>
    jsonLines(`${feed}.jsonl`).map(({ minutesAgo, ...rest }) => ({
      feed,
      minutesAgo: Number(minutesAgo),
      body: {
        ...rest,
        occurredAt: new Date(base.getTime() - Number(minutesAgo) * 60_000).toISOString(),
      } as unknown as Body,
    })),
  ).sort((a, b) => b.minutesAgo - a.minutesAgo);
  const posts: Post[] = [];
  const waiting = new Map<Written, Body[]>();
  const flush = (feed: Written): void => {
    posts.push({ feed, batch: true, bodies: waiting.get(feed) ?? [] });
    waiting.delete(feed);
  };
  for (const { feed, body } of all) {
    const size = BATCH[feed];
    if (size === undefined) posts.push({ feed, batch: false, bodies: [body] });
    else {
      const bodies = [...(waiting.get(feed) ?? []), body];
      waiting.set(feed, bodies);
      if (bodies.length >= size) flush(feed);
    }
  }
  for (const feed of [...waiting.keys()]) flush(feed);
  return posts;
}

/** What a careful reader would label a message, by its externalId. */
export type Expected = {
  readonly externalId: string;
  readonly category: string;
  readonly sentiment: string;
  readonly complaint: string;
  readonly urgency: string;
};
export const expectedLabels = (): Expected[] => jsonLines('expected.jsonl') as unknown as Expected[];
