import { RedressError } from '../complaint/errors.js';
import type { Delivery, SendOutcome, Sink } from './port.js';
import { slackClient } from './slack-client.js';
import { slackFailure } from './slack-errors.js';
import { slackFinder } from './slack-find.js';
import { clockIn, slackMessage } from './slack-message.js';

export type SlackOptions = {
  /** Bot token (`xoxb-...`); scopes: chat:write, channels:history, channels:read (groups:* for private channels). */
  readonly token: string;
  /** Base of the Web API, e.g. `https://slack.com/api/`. */
  readonly apiUrl: string;
  /** IANA zone in which times are shown, e.g. `Africa/Lagos`. */
  readonly zone: string;
  /** Least time between two messages to one channel, ms; default 1000, which is Slack's own limit. */
  readonly spacingMs?: number;
  /** Wait for an answer before the outcome counts as unknown, ms; default 10000. */
  readonly timeoutMs?: number;
};

function clockOf(zone: string): (at: Date) => string {
  try {
    return clockIn(zone);
  } catch (cause) {
    throw new RedressError(
      'sink slack',
      'bad_zone',
      `"${zone}" is not a time zone.`,
      'Use an IANA name such as Africa/Lagos.',
      { cause },
    );
  }
}

/**
 * Slack as a desk. Guarantee `asked`: every message carries its delivery id as metadata, and `find` reads it back
 * from the channel. `ref` of the evidence is `channel id:ts`. Throws RedressError for options that cannot work.
 */
export function slackSink(options: SlackOptions): Sink {
  const { token, apiUrl, zone, spacingMs = 1_000, timeoutMs = 10_000 } = options;
  if (!URL.canParse(apiUrl))
    throw new RedressError(
      'sink slack',
      'bad_url',
      `"${apiUrl}" is not an address.`,
      'Use https://slack.com/api/.',
    );
  const clock = clockOf(zone);
  const client = slackClient(token, apiUrl, timeoutMs);
  const finder = slackFinder(client);

  async function post(delivery: Delivery): Promise<SendOutcome> {
    const message = slackMessage(delivery, clock);
    try {
      const answer = await client.chat.postMessage({
        channel: delivery.target,
        ...message,
        parse: 'none',
        unfurl_links: false,
        unfurl_media: false,
      });
      if (answer.channel === undefined || answer.ts === undefined)
        return { kind: 'unknown', code: 'unreadable_answer' };
      finder.learn(delivery.target, answer.channel);
      return { kind: 'delivered', evidence: { ref: `${answer.channel}:${answer.ts}` } };
    } catch (error) {
      return slackFailure(error);
    }
  }

  return {
    name: 'slack',
    guarantee: 'asked',
    batchSize: 1,
    spacingMs,
    async send(deliveries) {
      const outcomes: SendOutcome[] = [];
      for (const delivery of deliveries) outcomes.push(await post(delivery));
      return outcomes;
    },
    find: finder.find,
    // The client holds nothing open: connections belong to Node's own fetch.
    async close() {},
  };
}
