import { type Logger, LogLevel, WebClient } from '@slack/web-api';

/** Every failure becomes an outcome; the client's own log lines would carry foreign messages. */
const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/**
 * Node's fetch with two repairs for the client. It throws an anonymous error for a 429 without whole seconds in
 * Retry-After: give it some. And it keeps the cause of a failed call only if that is an Error of its own realm.
 */
const steadyFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init).catch((cause: unknown) => {
    throw new Error('The call got no answer.', { cause });
  });
  const wait = response.headers.get('retry-after') ?? '';
  if (response.status !== 429 || /^\d+$/.test(wait)) return response;
  await response.body?.cancel();
  return new Response(null, { status: 429, headers: { 'retry-after': '30' } });
};

/** A client that tries once: its own ten retries could post a message twice. */
export const slackClient = (token: string, apiUrl: string, timeoutMs: number): WebClient =>
  new WebClient(token, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    logger: SILENT,
    fetch: steadyFetch,
  });
