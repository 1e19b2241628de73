import type { Delivery, Sink } from './port.js';
import type { SinkStore } from './store.js';
import type { Ticket } from './ticket.js';

const SUBJECT = 100;

/** The built-in ticket queue. Guarantee: asked; a ticket is keyed by its complaint, so it is there once. */
export function ticketSink(deps: { readonly store: SinkStore; readonly now: () => Date }): Sink {
  return {
    name: 'tickets',
    guarantee: 'asked',
    batchSize: 100,
    spacingMs: 0,
    async send(deliveries) {
      await deps.store.createTickets(deliveries.map((d) => ticketOf(d, deps.now())));
      return deliveries.map((d) => ({ kind: 'delivered' as const, evidence: { ref: d.complaintId } }));
    },
    async find({ complaintId }) {
      const ticket = await deps.store.ticket(complaintId);
      return ticket ? { kind: 'found', evidence: { ref: ticket._id }, times: 1 } : { kind: 'absent' };
    },
    close: async () => {},
  };
}

function ticketOf({ id, target, card, complaintId, origin }: Delivery, now: Date): Ticket {
  const line = card.text.replace(/\s+/g, ' ');
  const cut = [...line].slice(0, SUBJECT).join('');
  return {
    _id: complaintId,
    reference: card.reference,
    delivery: id,
    ...origin,
    team: card.team,
    queue: target,
    status: 'open',
    priority: card.priority,
    subject: cut.length < line.length ? `${cut}…` : cut,
    text: card.text,
    category: card.category,
    urgency: card.urgency,
    occurredAt: card.occurredAt,
    ...(card.place === undefined ? {} : { place: card.place }),
    ...(card.channel === undefined ? {} : { channel: card.channel }),
    ...(card.sourceRef === undefined ? {} : { sourceRef: card.sourceRef }),
    createdAt: now,
    updatedAt: now,
    history: [{ at: now, by: 'redress', change: `opened by rule ${card.rule}` }],
  };
}
