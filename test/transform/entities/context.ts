import type { Entities } from '../../../src/complaint/entities.js';
import { type EntityContext, entitiesOf } from '../../../src/transform/entities/index.js';

/** Wednesday, 25 November 2026, 11:00 in Lagos. */
export const CONTEXT: EntityContext = {
  occurredAt: new Date('2026-11-25T10:00:00Z'),
  zone: 'Africa/Lagos',
  own: ['beejan', '@beejanng', 'beejan technologies'],
};

export const read = (text: string, more: Partial<EntityContext> = {}): Entities =>
  entitiesOf(text, { ...CONTEXT, ...more });
