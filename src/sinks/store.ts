import type { Store } from '../store/connect.js';
import { steady } from '../store/steady.js';
import type { Ticket, TicketPatch, TicketStatus } from './ticket.js';

/** A message that would have gone out, kept for reading: no Slack token, no SMTP server. */
export type OutboxMessage = {
  /** The delivery's id, or the mail's Message-ID. */
  readonly _id: string;
  readonly kind: 'slack' | 'mail';
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly createdAt: Date;
  readonly run?: string;
  readonly feed?: string;
  readonly day?: string;
};

const HISTORY = 100;

export type SinkStore = ReturnType<typeof sinkStore>;

/** The one file of the sinks that speaks MongoDB: the built-in ticket queue and the outbox. */
export function sinkStore(store: Store) {
  const tickets = store.collection<Ticket>('tickets');
  const outbox = store.collection<OutboxMessage>('outbox');

  return {
    /** Keyed by complaint: a ticket that is there stays as it is. */
    async createTickets(rows: readonly Ticket[]): Promise<void> {
      if (rows.length === 0) return;
      const operations = rows.map(({ _id, ...row }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: row }, upsert: true },
      }));
      await steady(() => tickets.bulkWrite(operations, { ordered: false }));
    },
    ticket: (id: string) => steady(() => tickets.findOne({ _id: id })),
    findTickets: (
      filter: { team?: string; status?: TicketStatus; before?: { at: Date; id: string } },
      limit: number,
    ) =>
      steady(() => {
        const { before, ...equal } = filter;
        const page = before
          ? { $or: [{ createdAt: { $lt: before.at } }, { createdAt: before.at, _id: { $lt: before.id } }] }
          : {};
        return tickets
          .find({ ...equal, ...page })
          .sort({ createdAt: -1, _id: -1 })
          .limit(limit)
          .toArray();
      }),

    /** Undefined if there is no such ticket. Tried once: a history entry pushed twice would be two. */
    async patchTicket(id: string, patch: TicketPatch, by: string, now: Date): Promise<Ticket | undefined> {
      const changes = [
        ...(patch.status ? [`status ${patch.status}`] : []),
        ...(patch.assignee === undefined
          ? []
          : [patch.assignee === null ? 'given back' : `assigned to ${patch.assignee}`]),
        ...(patch.note && !patch.status && patch.assignee === undefined ? ['note'] : []),
      ];
      const entry = { at: now, by, change: changes.join(', '), ...(patch.note ? { note: patch.note } : {}) };
      const updated = await tickets.findOneAndUpdate(
        { _id: id },
        {
          $set: {
            updatedAt: now,
            ...(patch.status ? { status: patch.status } : {}),
            ...(typeof patch.assignee === 'string' ? { assignee: patch.assignee } : {}),
          },
          ...(patch.assignee === null ? { $unset: { assignee: '' } } : {}),
          $push: { history: { $each: [entry], $slice: -HISTORY } },
        },
        { returnDocument: 'after' },
      );
      return updated ?? undefined;
    },

    async putOutbox(rows: readonly OutboxMessage[]): Promise<void> {
      if (rows.length === 0) return;
      const operations = rows.map(({ _id, ...row }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: row }, upsert: true },
      }));
      await steady(() => outbox.bulkWrite(operations, { ordered: false }));
    },
    outboxMessage: (id: string) => steady(() => outbox.findOne({ _id: id })),
    recentOutbox: (limit: number) =>
      steady(() => outbox.find().sort({ createdAt: -1, _id: -1 }).limit(limit).toArray()),
  };
}
