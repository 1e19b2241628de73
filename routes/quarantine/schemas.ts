import { z } from 'zod';
import { Source } from '../../src/complaint/aligned.js';
import { LIMITS } from '../../src/complaint/limits.js';
import { QUARANTINE_REASONS, type QuarantineReason } from '../../src/complaint/reasons.js';
import type { QuarantineFilter } from '../../src/staging/quarantine.js';
import { QUARANTINE_STATUSES, type QuarantineStatus } from '../../src/staging/record.js';
import { Position } from '../complaints/schemas.js';
import { instant, When } from '../params.js';

const CODES = Object.keys(QUARANTINE_REASONS) as [QuarantineReason, ...QuarantineReason[]];
const Id = z.string().min(1).max(64);

/** Conditions on where a record came from and what is wrong with it. */
export const conditions = {
  feed: z.string().min(1).max(40).optional().describe('Only of this feed.'),
  reason: z.enum(CODES).optional().describe('Only with this reason.'),
  run: z.string().min(1).max(64).optional().describe('Only of this run.'),
  from: When.optional().describe('receivedAt from here on: a day in the operator zone, or a time with zone.'),
  to: When.optional().describe('receivedAt before this.'),
};

const hasCondition = (filter: object): boolean => Object.values(filter).some((v) => v !== undefined);
const NOT_ALL = 'needs one condition at least; `from` with an early day means everything';

/** `filter` of a body that changes records: an empty one is refused, so that a slip changes nothing. */
export const filterOver = <S extends QuarantineStatus>(statuses: readonly [S, ...S[]], standard: string) =>
  z
    .strictObject({
      ids: z.array(Id.describe('Id.')).min(1).max(LIMITS.decideIds.value).optional().describe('Only these.'),
      ...conditions,
      status: z.enum(statuses).optional().describe(`Only with this status. Default: ${standard}.`),
    })
    .refine(hasCondition, { error: NOT_ALL })
    .describe('All conditions given must hold.');

type Said = Omit<QuarantineFilter, 'from' | 'to'> & { from?: string | undefined; to?: string | undefined };

/** Conditions as staging takes them; a day is its first moment in `zone`. */
export function filterOf(said: { [K in keyof Said]?: Said[K] | undefined }, zone: string): QuarantineFilter {
  const { from, to, ...rest } = said;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...given,
    ...(from ? { from: instant(from, zone) } : {}),
    ...(to ? { to: instant(to, zone) } : {}),
  };
}

const STATUS_WORDS =
  'quarantined, failed: needs a person. conflict: another version of `conflictsWith`. discarded: by a person.';
export const Status = z.enum(QUARANTINE_STATUSES).describe(STATUS_WORDS);

const time = (what: string) => z.date().describe(what);
const status = z
  .enum([...QUARANTINE_STATUSES, 'received', 'transformed', 'missing'])
  .describe(`${STATUS_WORDS} received, transformed: no longer here. missing: gone from staging.`);

export const Item = z
  .object({
    id: z.string().describe('Id.'),
    reference: z.string().describe('Reference.'),
    feed: z.string().describe('Feed.'),
    source: Source,
    status,
    reason: z
      .string()
      .optional()
      .describe(`One of ${CODES.join(', ')}.`),
    detail: z.string().optional().describe('Which column or field, and what is wrong; never its content.'),
    whatToDo: z.string().describe('What to do about it.'),
    replayable: z.boolean().describe('Whether a replay takes it; false if its raw piece is cut.'),
    position: Position,
    receivedAt: time('When Redress took it in.'),
    statusAt: time('Since when it has this status.'),
    attempts: z.int().describe('Tries begun since it came or was replayed.'),
    run: z.string().describe('Run that took it in.'),
    rawHash: z.string().describe('sha256 of the raw bytes, hex.'),
    decided: z
      .object({
        what: z.enum(['replayed', 'discarded', 'accepted']).describe('What.'),
        by: z.string().describe('Name of the API key, or cli: and the user of the system.'),
        at: time('When.'),
        why: z.string().optional().describe('Why it was discarded.'),
      })
      .optional()
      .describe('What a person decided last.'),
    conflictsWith: z
      .object({
        id: z.string().describe('Id.'),
        reference: z.string().describe('Reference.'),
        status,
        receivedAt: time('When it came.').optional(),
        position: Position.optional(),
        rawHash: z.string().optional().describe('sha256 of its raw bytes.'),
      })
      .optional()
      .describe('The first version under the same id, which this one disagrees with.'),
  })
  .describe('A record in quarantine; nothing of what it says.');
