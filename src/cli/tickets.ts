import { type Command, Option } from 'commander';
import { RedressError } from '../complaint/errors.js';
import { findComplaint } from '../gold/query.js';
import { TICKET_STATUSES, type TicketStatus } from '../sinks/ticket.js';
import type { Cli } from './support/cli.js';
import { wholeUpTo } from './support/flags.js';
import { cut, pairs, table, time } from './support/text.js';

type ListOptions = { team?: string; status?: TicketStatus; limit: number; json?: true };

export function ticketsCommand(program: Command, cli: Cli): void {
  const tickets = program.command('tickets').description('the built-in ticket queue');
  tickets
    .command('list')
    .description('newest first')
    .option('--team <name>', 'of this team only')
    .addOption(new Option('--status <status>', 'with this status only').choices(TICKET_STATUSES))
    .option('--limit <number>', 'how many', wholeUpTo(1_000), 20)
    .option('--json', 'as JSON on standard output')
    .action((options: ListOptions) => list(cli, options));
  tickets
    .command('show')
    .description('one ticket with its history')
    .argument('<id>', 'id or reference of the complaint')
    .option('--json', 'as JSON on standard output')
    .action((id: string, options: { json?: true }) => show(cli, id, options));
}

const list = (cli: Cli, { limit, json, ...filter }: ListOptions) =>
  cli.withCore(async (core) => {
    const tickets = await core.sinks.findTickets(filter, limit);
    const rows = tickets.map((t) => [
      time(t.createdAt),
      t.reference,
      t.team,
      t.status,
      t.priority,
      t.category,
      t.assignee ?? '',
      cut(t.subject, 60),
    ]);
    const headings = [
      'created',
      'reference',
      'team',
      'status',
      'priority',
      'category',
      'assignee',
      'subject',
    ];
    cli.say(rows.length === 0 ? 'There is no such ticket.' : table(headings, rows));
    if (json) cli.json(tickets);
  });

const show = (cli: Cli, idOrReference: string, { json }: { json?: true }) =>
  cli.withCore(async (core) => {
    const id = (await findComplaint(core.gold, idOrReference))?._id ?? idOrReference;
    const ticket = await core.sinks.ticket(id);
    if (!ticket)
      throw new RedressError(
        'tickets',
        'unknown_ticket',
        `There is no ticket for "${idOrReference.slice(0, 40)}".`,
        '`redress complaint` tells whether there is such a complaint and why it has none.',
      );
    cli.say(`Ticket ${ticket.reference}`);
    cli.say(
      pairs([
        ['complaint', ticket._id],
        ['team', `${ticket.team} (queue ${ticket.queue})`],
        ['status', ticket.status],
        ['assignee', ticket.assignee],
        ['priority', ticket.priority],
        ['label', `${ticket.category}, urgency ${ticket.urgency}`],
        ['created', time(ticket.createdAt)],
        ['subject', ticket.subject],
        ['text', ticket.text],
        ...ticket.history.map(
          (h) => [time(h.at), `${h.by}: ${h.change}${h.note ? ` (${h.note})` : ''}`] as const,
        ),
      ]),
    );
    if (json) cli.json(ticket);
  });
