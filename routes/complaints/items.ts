import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RefusalReason } from '../../src/complaint/reasons.js';
import type { Service } from '../../src/service.js';
import type { ApiEnvelope } from '../../src/sources/api.js';
import type { DoorOutcome } from '../../src/staging/record.js';
import { fieldErrors } from '../errors.js';
import { ProblemBody } from '../problem.js';
import { countRefusal } from '../refusals.js';
import { acceptAll } from './door.js';

const ItemError = ProblemBody.pick({ code: true, detail: true, errors: true });

/** What became of one complaint among many. */
export const Item = z.object({
  index: z.int().describe('Place among the items, from 0.'),
  outcome: z
    .enum(['accepted', 'repeated', 'conflict', 'refused'])
    .describe('accepted, repeated: stored. conflict: kept beside the first version. refused: not stored.'),
  id: z.string().optional().describe('Id of the complaint; absent if refused.'),
  reference: z.string().optional().describe('Its reference; absent if refused.'),
  error: ItemError.optional().describe('Why it was refused or is a conflict.'),
});
export type Item = z.infer<typeof Item>;

export const Counts = z.object({
  read: z.int().describe('Items read: the sum of the others.'),
  accepted: z.int().describe('New and durably stored.'),
  repeated: z.int().describe('Here already, with the same content.'),
  conflict: z.int().describe('Here already, with other content.'),
  refused: z.int().describe('Not stored.'),
});
export type Counts = z.infer<typeof Counts>;

const CONFLICT = {
  code: 'conflict',
  detail: 'The id is known with other content. Both versions are kept, the first one counts.',
};

/** Outcomes of the items, in order: the door's for those that reached it. */
function itemsOf(made: readonly ApiEnvelope[], outcomes: readonly DoorOutcome[], first: number): Item[] {
  let next = 0;
  return made.map((item, i): Item => {
    const index = first + i;
    if (!item.ok) {
      const { issues, code, detail } = item.refusal;
      const errors = issues && fieldErrors(issues, 'body');
      return { index, outcome: 'refused', error: { code, detail, ...(errors ? { errors } : {}) } };
    }
    const answer = outcomes[next++] as DoorOutcome;
    return { index, ...answer, ...(answer.outcome === 'conflict' ? { error: CONFLICT } : {}) };
  });
}

/**
 * Stores those that are complaints, counts the others by reason. `first` is the place of the first one. When it
 * resolves, what it says is durable; it rejects with a 503 if that is not known.
 */
export async function acceptItems(
  service: Service,
  request: FastifyRequest,
  made: readonly ApiEnvelope[],
  first = 0,
): Promise<Item[]> {
  const good = made.flatMap((i) => (i.ok ? [i.envelope] : []));
  const items = itemsOf(made, await acceptAll(service, request, good), first);
  const refused = made.flatMap((i) => (i.ok ? [] : [i.refusal.code satisfies RefusalReason]));
  for (const reason of new Set(refused))
    await countRefusal(service, request, reason, refused.filter((r) => r === reason).length);
  return items;
}

export function countsOf(items: readonly Item[]): Counts {
  const count = (outcome: Item['outcome']) => items.filter((i) => i.outcome === outcome).length;
  return {
    read: items.length,
    accepted: count('accepted'),
    repeated: count('repeated'),
    conflict: count('conflict'),
    refused: count('refused'),
  };
}
