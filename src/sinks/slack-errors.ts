import { ErrorCode } from '@slack/web-api';
import type { SendOutcome } from './port.js';

export type SlackFailure = Exclude<SendOutcome, { kind: 'delivered' }>;

/** Wait after a limit that names no time, ms. */
const DEFAULT_WAIT_MS = 30_000;
/** No wait is longer: a nonsense Retry-After must not silence a channel for days. */
const MAX_WAIT_MS = 3_600_000;

const LATER = new Map<string, number>([
  ['service_unavailable', 30_000],
  ['request_timeout', 5_000],
  ['message_limit_exceeded', 60_000],
  ['team_added_to_org', 300_000],
  ['org_login_required', 300_000],
]);
const LIMITED = new Set(['ratelimited', 'rate_limited']);
/** Slack says of these that part of the work may have been done. */
const UNKNOWN = new Set(['fatal_error', 'internal_error']);
const TARGET = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'cannot_reply_to_message',
  'ekm_access_denied',
  'messages_tab_disabled',
  'team_not_found',
]);
const CONTENT = new Set([
  'no_text',
  'msg_too_long',
  'msg_blocks_too_long',
  'invalid_blocks',
  'invalid_blocks_format',
  'too_many_attachments',
  'metadata_too_large',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'markdown_text_conflict',
]);
const CREDENTIALS = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'access_denied',
  'metadata_must_be_sent_from_app',
  'two_factor_setup_required',
]);

/** Failures of name look-up, connecting and the certificate: all before the first byte of a request. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The parts of an error that this file reads; errors come from the client, from fetch and from Node. */
type Loose = {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly cause?: unknown;
  readonly original?: unknown;
  readonly errors?: unknown;
  readonly syscall?: unknown;
  readonly statusCode?: unknown;
  readonly retryAfter?: unknown;
  readonly data?: {
    readonly error?: unknown;
    readonly response_metadata?: { readonly retryAfter?: unknown };
  };
};
const loose = (value: unknown): Loose => (typeof value === 'object' && value !== null ? value : {});

const isWord = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(value);

function limited(seconds: unknown): SlackFailure {
  const ms = typeof seconds === 'number' && seconds >= 0 ? seconds * 1_000 : DEFAULT_WAIT_MS;
  return { kind: 'rate_limited', retryAfterMs: Math.min(Math.max(ms, 1_000), MAX_WAIT_MS) };
}

/** An answer with ok:false. Anything that is no error name (a proxy's page) tells nothing about the work. */
function platformFailure(name: unknown, retryAfter: unknown): SlackFailure {
  if (!isWord(name)) return { kind: 'unknown', code: 'unreadable_answer' };
  if (LIMITED.has(name)) return limited(retryAfter);
  const afterMs = LATER.get(name);
  if (afterMs !== undefined) return { kind: 'not_sent', code: name, afterMs };
  if (UNKNOWN.has(name)) return { kind: 'unknown', code: name };
  if (TARGET.has(name) || name.startsWith('restricted_action'))
    return { kind: 'refused', what: 'target', code: name };
  if (CREDENTIALS.has(name)) return { kind: 'refused', what: 'credentials', code: name };
  if (CONTENT.has(name)) return { kind: 'refused', what: 'content', code: name };
  return { kind: 'refused', what: 'content', code: `unrecognised_${name}` };
}

/** Slack answers 200 or 429; a 4xx comes from something in between that did not pass the call on. */
function httpFailure(status: unknown): SlackFailure {
  const code = `http_${String(status)}`;
  const passedOn = typeof status !== 'number' || status < 400 || status === 408 || status >= 500;
  return passedOn ? { kind: 'unknown', code } : { kind: 'not_sent', code };
}

function neverConnected(error: Loose): boolean {
  if (Array.isArray(error.errors) && error.errors.length > 0)
    return error.errors.every((one) => neverConnected(loose(one)));
  return error.syscall === 'connect' || BEFORE_SENDING.has(String(error.code));
}

/** fetch, its dispatcher and our client each wrap the failure of the socket; the innermost says what happened. */
function innermost(error: Loose, depth = 0): Loose {
  return error.cause === undefined || depth > 5 ? error : innermost(loose(error.cause), depth + 1);
}

function networkFailure(thrown: Loose): SlackFailure {
  const error = innermost(thrown);
  if (error.name === 'TimeoutError') return { kind: 'unknown', code: 'timeout' };
  const code = isWord(error.code) ? error.code.toLowerCase() : 'connection_lost';
  return neverConnected(error) ? { kind: 'not_sent', code } : { kind: 'unknown', code };
}

/** What a failed call of the Slack client means for the effect. No foreign message gets into a code. */
export function slackFailure(thrown: unknown): SlackFailure {
  const error = loose(thrown);
  switch (error.code) {
    case ErrorCode.PlatformError:
      return platformFailure(error.data?.error, error.data?.response_metadata?.retryAfter);
    case ErrorCode.RateLimitedError:
      return limited(error.retryAfter);
    case ErrorCode.HTTPError:
      return httpFailure(error.statusCode);
    case ErrorCode.RequestError:
      return networkFailure(loose(error.original));
    default:
      // Not wrapped by the client: the answer's body was cut off or was not an object.
      return networkFailure(error);
  }
}
