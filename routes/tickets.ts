import { z } from 'zod';
import { Category, Urgency } from '../src/complaint/labels.js';
import { findComplaint } from '../src/gold/query.js';
import { redactText } from '../src/governance/privacy/redact.js';
import type { Service } from '../src/service.js';
import { type Ticket, TicketPatch, TicketStatus } from '../src/sinks/ticket.js';
import { takeJson } from './bodies.js';
import type { App } from './context.js';
import { CursorText, cursorOf, IdOrReference, Limit, Next, pageOf } from './params.js';
import { ProblemError, problemResponse } from './problem.js';

const TicketView = z
  .object({
    id: z.string().describe('Id, the same as the complaint.'),
    reference: z.string().describe('Reference of the complaint.'),
    team: z.string().describe('Team it belongs to.'),
    queue: z.string().describe('Queue of the team.'),
    status: TicketStatus,
    assignee: z.string().optional().describe('Who works on it.'),
    priority: z.enum(['normal', 'high']).describe('Priority.'),
    subject: z.string().describe('Begin of the text.'),
    text: z.string().describe('Redacted text.'),
    category: Category,
    urgency: Urgency,
    occurredAt: z.date().describe('When the customer wrote it.'),
    place: z.string().optional().describe('Place as the sender knows it.'),
    channel: z.string().optional().describe('Channel, finer than source.'),
    sourceRef: z
      .string()
      .optional()
      .describe("The sender's own number of it: leads back to the customer in the sender's system."),
    createdAt: z.date().describe('Opened.'),
    updatedAt: z.date().describe('Last change.'),
    history: z
      .array(
        z.object({
          at: z.date().describe('When.'),
          by: z.string().describe('Name of the API key, or redress.'),
          change: z.string().describe('What changed.'),
          note: z.string().optional().describe('Note.'),
        }),
      )
      .describe('Changes, newest last, at most a hundred.'),
  })
  .describe('A ticket.');

const Query = z.strictObject({
  team: z.string().max(120).optional().describe('Only of this team.'),
  status: TicketStatus.optional(),
  limit: Limit(),
  cursor: CursorText.optional(),
});

const view = ({ _id, history, ...ticket }: Ticket) => ({ id: _id, ...ticket, history: [...history] });
const NOT_FOUND = { 404: problemResponse('There is no ticket with this id or reference.') };

async function find(service: Service, idOrReference: string): Promise<Ticket> {
  const complaint = await findComplaint(service.gold, idOrReference);
  const ticket = await service.sinks.ticket(complaint?._id ?? idOrReference);
  if (ticket) return ticket;
  const detail = complaint
    ? `The complaint is there, its ticket is not: its routing state is \`${complaint.routing.state}\`.`
    : 'No complaint has this id or reference.';
  throw new ProblemError('not_found', detail);
}

/** The tickets of the teams. */
export async function tickets(app: App, { service }: { service: Service }): Promise<void> {
  takeJson(app);
  app.get(
    '/v1/tickets',
    {
      config: { auth: 'desk' },
      schema: {
        tags: ['desk'],
        summary: 'Tickets',
        description: 'Newest first; all conditions given must hold.',
        querystring: Query,
        response: {
          200: z
            .object({ items: z.array(TicketView).describe('Newest first.'), next: Next })
            .describe('One page; header `Link` leads to the next.'),
        },
      },
    },
    async (request, reply) => {
      const { team, status, limit, cursor } = request.query;
      const before = cursorOf(cursor)?.cursor;
      const filter = {
        ...(team ? { team } : {}),
        ...(status ? { status } : {}),
        ...(before ? { before } : {}),
      };
      const found = await service.sinks.findTickets(filter, limit + 1);
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      const { headers, ...next } = pageOf(request.url, last && { at: last.createdAt, id: last._id });
      return reply.headers(headers).send({ items: items.map(view), ...next });
    },
  );

  app.get(
    '/v1/tickets/:id',
    {
      config: { auth: 'desk' },
      schema: {
        tags: ['desk'],
        summary: 'One ticket',
        params: IdOrReference,
        response: { 200: TicketView, ...NOT_FOUND },
      },
    },
    async ({ params }) => view(await find(service, params.id)),
  );

  app.patch(
    '/v1/tickets/:id',
    {
      config: { auth: 'desk' },
      schema: {
        tags: ['desk'],
        summary: 'Take, assign or resolve a ticket',
        description:
          'Who did it is the name of the API key; every change is in the history and in the audit.',
        consumes: ['application/json'],
        params: IdOrReference,
        body: TicketPatch,
        response: { 200: TicketView, 415: problemResponse('Not application/json in UTF-8.'), ...NOT_FOUND },
      },
    },
    async ({ params, body, apiKey }) => {
      const { _id } = await find(service, params.id);
      const by = apiKey?.name ?? '';
      const at = service.now();
      // Before the change: nothing may happen that the audit does not know.
      const reason = Object.keys(body).join(', ');
      await service.operations.audit({ at, by, action: 'ticket_changed', target: _id, reason });
      const { region } = service.config.operator;
      const safe = body.note === undefined ? body : { ...body, note: redactText(body.note, region) };
      const ticket = await service.sinks.patchTicket(_id, safe, by, at);
      if (ticket) return view(ticket);
      throw new ProblemError('not_found', 'The ticket is gone.');
    },
  );
}
