import type { Envelope, Identity, Position } from '../complaint/envelope.js';
import { LIMITS, limit } from '../complaint/limits.js';
import { RestComplaint } from '../complaint/rest.js';
import type { Feed } from '../config/feeds.js';
import { describeIssues, fieldNames, type Issue } from './api/issues.js';
import { canonicalJson, readJson } from './api/json.js';
import type { Line } from './api/lines.js';
import { type Slice, type Slices, sliceArray, sliceLines } from './api/slices.js';

/** Clocks differ; what lies further ahead than this was misread by its sender. */
const AHEAD_MS = 86_400_000;
/** As in files: an earlier year is a default of the sender's software. */
const EARLIEST = Date.UTC(1900);

/** Why a body or an item of a batch is no complaint. Never holds what was sent. */
export type ApiRefusal = {
  readonly code: 'malformed' | 'invalid' | 'too_large' | 'too_many';
  readonly detail: string;
  readonly issues?: readonly Issue[];
};
export type ApiEnvelope =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly refusal: ApiRefusal };
export type ApiBatch =
  | { readonly ok: true; readonly items: readonly ApiEnvelope[] }
  | { readonly ok: false; readonly refusal: ApiRefusal };

export type PostContext = {
  readonly feed: Pick<Feed, 'name' | 'source'>;
  /** Id of the request, ours: where the piece stood. */
  readonly request: string;
  readonly idempotencyKey: string | undefined;
  readonly now: Date;
};

const FIELDS = fieldNames(RestComplaint);
const refuse = (code: ApiRefusal['code'], detail: string, issues?: readonly Issue[]): ApiEnvelope => ({
  ok: false,
  refusal: { code, detail, ...(issues ? { issues } : {}) },
});
const oneIssue = (path: Issue['path'], detail: string): ApiEnvelope =>
  refuse('invalid', 'The complaint does not fit the schema: see `errors`.', [{ path, detail }]);

type Stood = Pick<Position, 'index'> & { readonly line?: number };

function envelopeOf(raw: Buffer, keyed: Identity, stood: Stood, context: PostContext): ApiEnvelope {
  const json = readJson(raw);
  if (!json.ok) return refuse('malformed', json.detail);
  const parsed = RestComplaint.safeParse(json.value);
  if (!parsed.success)
    return refuse(
      'invalid',
      'The complaint does not fit the schema: see `errors`.',
      describeIssues(parsed.error.issues, FIELDS),
    );
  const body = parsed.data;
  // The schema passes over this one key of a record, and the record would then not be what was sent.
  if (Object.hasOwn((json.value as { extra?: object }).extra ?? {}, '__proto__'))
    return oneIssue(['extra'], 'has the name __proto__, which is not allowed');
  const at = body.occurredAt === undefined ? undefined : Date.parse(body.occurredAt);
  if (at !== undefined && !(at <= context.now.getTime() + AHEAD_MS))
    return oneIssue(['occurredAt'], 'lies more than a day ahead; check the clock and the zone');
  if (at !== undefined && at < EARLIEST)
    return oneIssue(['occurredAt'], 'lies before the year 1900; leave it out if you do not know it');
  const { feed, request } = context;
  const identity: Identity =
    body.externalId === undefined ? keyed : { kind: 'sender', space: 'externalId', value: body.externalId };
  return {
    ok: true,
    envelope: {
      feed: feed.name,
      source: feed.source,
      identity,
      content: [canonicalJson(body)],
      raw,
      format: { kind: 'json' },
      position: { kind: 'request', of: request, ...stood },
    },
  };
}

/**
 * The envelope of a single post. `externalId` and the Idempotency-Key may both be given only if they are the same:
 * a complaint has one identity, and which of the two it is must not be left to a rule that the sender does not know.
 */
export function envelopeOfPost(raw: Buffer, context: PostContext): ApiEnvelope {
  const key = context.idempotencyKey;
  const keyed: Identity =
    key === undefined ? { kind: 'none' } : { kind: 'sender', space: 'idempotencyKey', value: key };
  const made = envelopeOf(raw, keyed, { index: 1 }, context);
  if (!made.ok || key === undefined) return made;
  const { identity } = made.envelope;
  if (identity.kind === 'sender' && identity.space === 'externalId' && identity.value !== key)
    return oneIssue(
      ['externalId'],
      'differs from the Idempotency-Key header; send one of the two, or the same in both',
    );
  return made;
}

/**
 * The envelopes of a batch in order; an item that is none says why and does not stop its neighbours. Its own
 * `externalId` is an item's identity; else, with an Idempotency-Key, that key and the item's place.
 */
export function envelopesOfBatch(body: Buffer, format: 'array' | 'lines', context: PostContext): ApiBatch {
  const whole = (code: ApiRefusal['code'], detail: string): ApiBatch => ({
    ok: false,
    refusal: { code, detail },
  });
  const most = limit('batchItems');
  const cut: Slices = format === 'array' ? sliceArray(body, most) : sliceLines(body, most);
  if (!cut.ok)
    return whole(
      'malformed',
      `${cut.detail} Send a JSON array of complaints, or application/x-ndjson with one a line.`,
    );
  if (cut.count === 0) return whole('invalid', 'The batch is empty: send at least one complaint.');
  if (cut.count > most)
    return whole('too_many', `The batch has ${cut.count} items; send at most ${most} at a time.`);
  return { ok: true, items: cut.items.map((slice, i) => itemOf(slice, i, context, 'batch')) };
}

/** The envelope of a line of a stream, told as an item of a batch is; `place` is its number among the items, from 0. */
export function envelopeOfLine(found: Line, place: number, context: PostContext): ApiEnvelope {
  return 'bytes' in found ? itemOf(found, place, context, 'stream') : tooLarge(found.tooLarge);
}

/** The last line of a stream that broke off: never taken, even if it could be read. */
export const brokenLine = (): ApiEnvelope =>
  refuse('malformed', 'The stream broke off within this line. Send the line again, whole.');

const tooLarge = (bytes: number): ApiEnvelope =>
  refuse('too_large', `The item has ${bytes} bytes; at most ${LIMITS.rawBytes.value} are taken.`);

function itemOf(
  { bytes, line }: Slice,
  place: number,
  context: PostContext,
  way: 'batch' | 'stream',
): ApiEnvelope {
  if (bytes.length > limit('rawBytes')) return tooLarge(bytes.length);
  const key = context.idempotencyKey;
  // A space of its own: "K" as the key of a batch and of a single post are two things.
  const keyed: Identity =
    key === undefined
      ? { kind: 'none' }
      : { kind: 'sender', space: `idempotencyKey/${way}`, value: `${place}:${key}` };
  return envelopeOf(bytes, keyed, { index: place + 1, line }, context);
}
