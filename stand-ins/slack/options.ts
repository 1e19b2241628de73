import type { ChannelSetting } from './workspace.js';

export type SlackStandInOptions = {
  /** TCP port on 127.0.0.1; default 0: any free one. */
  readonly port?: number;
  /** The only bearer token that is let in; default `xoxb-stand-in`. */
  readonly token?: string;
  /** Names with or without `#`; default DEFAULT_CHANNELS. */
  readonly channels?: readonly ChannelSetting[];
  /** Posted messages a second and channel; default 1, Infinity switches the limit off. */
  readonly rate?: number;
  /** Messages a channel takes at once before `rate` counts; default 4, or one second's worth if that is more. */
  readonly burst?: number;
  /** JSON-lines file that keeps messages over a restart; default none. */
  readonly file?: string;
  /** Messages kept; past it posts answer `message_limit_exceeded`. Default 200,000. */
  readonly maxMessages?: number;
  /** Clock, ms since 1970; default Date.now. */
  readonly now?: () => number;
};

export const DEFAULT_TOKEN = 'xoxb-stand-in';
export const DEFAULT_CHANNELS = [
  'triage',
  'network',
  'internet',
  'billing',
  'plans-pricing',
  'customer-care',
  'sim-account',
  'device-app',
  'mobile-money',
  'vas-spam',
  'fraud',
  'cancellation-refund',
  'other',
] as const;

/** Settings without surprises: every default filled in. */
export function withDefaults(given: SlackStandInOptions) {
  const rate = given.rate ?? 1;
  if (!(rate > 0)) throw new RangeError(`rate must be above 0 messages a second, not ${rate}.`);
  return {
    port: given.port ?? 0,
    token: given.token ?? DEFAULT_TOKEN,
    channels: given.channels ?? DEFAULT_CHANNELS,
    rate,
    burst: given.burst ?? Math.max(4, rate),
    file: given.file,
    maxMessages: given.maxMessages ?? 200_000,
    now: given.now ?? Date.now,
  };
}
export type SlackSettings = ReturnType<typeof withDefaults>;
