import { ApiError, type Arguments } from './arguments.js';
import { postMessage, updateMessage } from './chat.js';
import { history, list, replies } from './conversations.js';
import type { SlackSettings } from './options.js';
import { rateLimiter } from './rate.js';
import type { Workspace } from './workspace.js';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `ok`, the error's name or `http_NNN`: what the list of calls shows. */
  readonly word: string;
};

class TooFast extends Error {
  override readonly name = 'TooFast';
  readonly seconds: number;
  constructor(seconds: number) {
    super('ratelimited');
    this.seconds = seconds;
  }
}

export const json = (body: Record<string, unknown>): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
  word: body.ok === true ? 'ok' : String(body.error),
});
export const plain = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body,
  word: `http_${status}`,
});
export const tooFast = (retryAfter: string | null): Answer => ({
  ...json({ ok: false, error: 'ratelimited' }),
  status: 429,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    ...(retryAfter === null ? {} : { 'retry-after': retryAfter }),
  },
});

/** Slack's methods over a workspace. Every expected failure is an answer; only bugs throw. */
export function slackApi(workspace: Workspace, settings: SlackSettings) {
  const limiter = rateLimiter(settings.rate, settings.burst, settings.now);
  const limit = (channel: { id: string }): void => {
    const seconds = limiter.take(channel.id);
    if (seconds > 0) throw new TooFast(seconds);
  };
  const methods: Record<string, (args: Arguments) => Record<string, unknown>> = {
    'auth.test': () => ({
      url: 'https://stand-in.slack.com/',
      team: 'Stand-in',
      user: 'redress',
      team_id: 'T0STANDIN',
      user_id: 'U0STANDIN',
      bot_id: 'B0STANDIN',
    }),
    'chat.postMessage': (args) => postMessage(workspace, args, limit),
    'chat.update': (args) => updateMessage(workspace, args),
    'conversations.history': (args) => history(workspace, args),
    'conversations.replies': (args) => replies(workspace, args),
    'conversations.list': (args) => list(workspace, args),
  };
  return (method: string, token: string | undefined, args: Arguments): Answer => {
    const run = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (run === undefined) return json({ ok: false, error: 'unknown_method', req_method: method });
    if (token === undefined) return json({ ok: false, error: 'not_authed' });
    if (token !== settings.token) return json({ ok: false, error: 'invalid_auth' });
    try {
      return json({ ok: true, ...run(args) });
    } catch (error) {
      if (error instanceof TooFast) return tooFast(String(error.seconds));
      if (!(error instanceof ApiError)) throw error;
      const details = error.details.length > 0 ? { response_metadata: { messages: error.details } } : {};
      return json({ ok: false, error: error.message, ...details });
    }
  };
}
