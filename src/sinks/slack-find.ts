import type { WebClient } from '@slack/web-api';
import type { Delivery, FindOutcome } from './port.js';
import { slackFailure } from './slack-errors.js';
import { EVENT_TYPE } from './slack-message.js';

/** Slack's clock and ours may differ by this much, ms. */
const SKEW_MS = 5 * 60_000;
const PAGE = 200;
/** 200,000 messages since the delivery was made; past it the answer is "not known", never "absent". */
const MAX_PAGES = 1_000;

/** Id of a channel given by name, which only posting accepts; undefined if there is none of that name. */
async function channelId(client: WebClient, target: string): Promise<string | undefined> {
  const name = target.replace(/^#/, '');
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.conversations.list({
      types: 'public_channel,private_channel',
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const found = answer.channels?.find((channel) => channel.name === name);
    if (found?.id !== undefined) return found.id;
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return undefined;
  }
  return undefined;
}

type Sent = { readonly event_type?: unknown; readonly event_payload?: { readonly delivery_id?: unknown } };
const isOurs = (metadata: Sent | undefined, id: string): boolean =>
  metadata?.event_type === EVENT_TYPE && metadata.event_payload?.delivery_id === id;

/** Timestamps of every message of this delivery, newest first; undefined if the history would not end. */
async function timestamps(client: WebClient, channel: string, id: string, since: Date) {
  const oldest = String(Math.max(0, Math.floor((since.getTime() - SKEW_MS) / 1_000)));
  const found: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.conversations.history({
      channel,
      oldest,
      inclusive: true,
      include_all_metadata: true,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const message of answer.messages ?? [])
      if (message.ts !== undefined && isOurs(message.metadata, id)) found.push(message.ts);
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return answer.has_more ? undefined : found;
  }
  return undefined;
}

export function slackFinder(client: WebClient) {
  const ids = new Map<string, string>();
  return {
    /** Keeps the id that an answer named, which saves looking it up. */
    learn: (target: string, id: string): void => void ids.set(target, id),

    async find(delivery: Pick<Delivery, 'id' | 'target' | 'createdAt'>): Promise<FindOutcome> {
      const { id, target, createdAt } = delivery;
      try {
        const isId = /^[CGD][A-Z0-9]{8,}$/.test(target);
        const channel = isId ? target : (ids.get(target) ?? (await channelId(client, target)));
        if (channel === undefined) return { kind: 'unavailable', code: 'channel_not_found' };
        ids.set(target, channel);
        const found = await timestamps(client, channel, id, createdAt);
        if (found === undefined) return { kind: 'unavailable', code: 'history_too_long' };
        const first = found.at(-1);
        if (first === undefined) return { kind: 'absent' };
        return { kind: 'found', evidence: { ref: `${channel}:${first}` }, times: found.length };
      } catch (error) {
        const failure = slackFailure(error);
        return failure.kind === 'rate_limited'
          ? { kind: 'unavailable', code: 'rate_limited', retryAfterMs: failure.retryAfterMs }
          : { kind: 'unavailable', code: failure.code };
      }
    },
  };
}
