import type { Delivery, Sink } from './port.js';
import type { OutboxMessage, SinkStore } from './store.js';

/** Takes the place of Slack where there is no token: messages are kept to be read with `redress outbox`. */
export function outboxSink(deps: { readonly store: SinkStore; readonly now: () => Date }): Sink {
  return {
    name: 'outbox',
    guarantee: 'asked',
    batchSize: 100,
    spacingMs: 0,
    async send(deliveries) {
      await deps.store.putOutbox(deliveries.map((d) => messageOf(d, deps.now())));
      return deliveries.map((d) => ({ kind: 'delivered' as const, evidence: { ref: d.id } }));
    },
    async find({ id }) {
      const message = await deps.store.outboxMessage(id);
      return message ? { kind: 'found', evidence: { ref: id }, times: 1 } : { kind: 'absent' };
    },
    close: async () => {},
  };
}

function messageOf({ id, target, card, origin }: Delivery, now: Date): OutboxMessage {
  const { reference, category, urgency, team, priority, place, text } = card;
  return {
    _id: id,
    kind: 'slack',
    to: target,
    subject: `${priority === 'high' ? 'URGENT ' : ''}${reference} ${category} (${urgency}) for ${team}${place ? `, ${place}` : ''}`,
    body: text,
    createdAt: now,
    ...origin,
  };
}
