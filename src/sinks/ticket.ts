import { z } from 'zod';
import type { Category, Urgency } from '../complaint/labels.js';

export const TICKET_STATUSES = ['open', 'taken', 'waiting', 'resolved'] as const;
export const TicketStatus = z
  .enum(TICKET_STATUSES)
  .describe(
    'open: nobody has it; taken: somebody works on it; waiting: for the customer or another team; resolved.',
  );
export type TicketStatus = z.infer<typeof TicketStatus>;

/** A piece of work for a team, one per complaint. Shows only what gold shows. */
export type Ticket = {
  /** The complaint's id: there is one ticket a complaint. */
  readonly _id: string;
  /** What everyone quotes. */
  readonly reference: string;
  /** The delivery that made it: what the sink is asked for. */
  readonly delivery: string;
  readonly run: string;
  readonly feed: string;
  readonly day: string;
  readonly team: string;
  readonly queue: string;
  readonly status: TicketStatus;
  readonly assignee?: string;
  readonly priority: 'normal' | 'high';
  readonly subject: string;
  readonly text: string;
  readonly category: Category;
  readonly place?: string;
  readonly channel?: string;
  /** The sender's own number of it. */
  readonly sourceRef?: string;
  readonly occurredAt: Date;
  readonly urgency: Urgency;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Who changed what, newest last; bounded. */
  readonly history: readonly {
    readonly at: Date;
    readonly by: string;
    readonly change: string;
    readonly note?: string;
  }[];
};

/** Body of `PATCH /v1/tickets/:id`: at least one field. */
export const TicketPatch = z
  .object({
    status: TicketStatus.optional(),
    assignee: z
      .string()
      .trim()
      .min(1)
      .max(120)
      .nullable()
      .optional()
      .describe('Who works on it; null gives it back.'),
    note: z.string().trim().min(1).max(2_000).optional().describe('Kept in the history.'),
  })
  .strict()
  .refine((p) => Object.keys(p).length > 0, 'give at least one of status, assignee, note');
export type TicketPatch = z.infer<typeof TicketPatch>;
