import { AlignedV1 } from '../../complaint/aligned.js';
import { RestComplaint } from '../../complaint/rest.js';
import type { AlignResult } from '../steps/align.js';

/** A JSON item of the REST schema. The door has checked it; data written by another version is checked again. */
export function alignRest(bytes: Buffer, receivedAt: Date): AlignResult {
  const body = RestComplaint.safeParse(parse(bytes));
  if (!body.success)
    return {
      quarantine: 'schema_mismatch',
      detail: body.error.issues[0]?.path.join('.') || 'not a JSON object',
    };
  const {
    text,
    occurredAt,
    category,
    status,
    customer = {},
    media = [],
    extra = {},
    externalId,
    ...same
  } = body.data;
  const aligned = AlignedV1.parse({
    ...same,
    text,
    occurredAt: occurredAt === undefined ? receivedAt : new Date(occurredAt),
    receivedAt,
    customer,
    sourceRef: body.data.sourceRef ?? externalId,
    sourceCategory: category,
    sourceStatus: status,
    media,
    extra,
  });
  return { ok: aligned };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
