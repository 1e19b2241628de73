import type { Facts } from './facts.js';
import { type Check, equal, none } from './report.js';

const ENDED = ['transformed', 'quarantined', 'discarded'];

function groups<T>(rows: readonly T[], key: (row: T) => string | undefined): Map<string, T[]> {
  const by = new Map<string, T[]>();
  for (const row of rows) {
    const k = key(row) ?? '(none)';
    const group = by.get(k);
    if (group) group.push(row);
    else by.set(k, [row]);
  }
  return by;
}

/** Keys that are not there exactly once, with how often. */
const notOnce = (keys: Iterable<string>, by: ReadonlyMap<string, readonly unknown[]>): string[] =>
  [...keys]
    .filter((key) => by.get(key)?.length !== 1)
    .map((key) => `${key} (${by.get(key)?.length ?? 0} times)`);

/**
 * Compares the layers record by record: what the ledger says in numbers, said of each complaint, and of the messages
 * that a Slack outside of Redress has. Pure.
 */
export function judge(facts: Facts, expected: Readonly<Record<string, number>>): Check[] {
  const { staging, complaints, deliveries, tickets, messages } = facts;
  const complaintIds = new Set(complaints.map((c) => c._id));
  const transformed = staging.filter((s) => s.status === 'transformed');
  const due = complaints.filter((c) => c.routing.state === 'due').map((c) => c._id);
  const dueIds = new Set(due);
  const deliveryById = new Map(deliveries.map((d) => [d._id, d]));

  const byComplaint = groups(messages, (m) => m.metadata?.event_payload?.complaint_id);
  const byDelivery = groups(messages, (m) => m.metadata?.event_payload?.delivery_id);
  const ticketsBy = groups(tickets, (t) => t._id);
  const decided = complaints.flatMap((c) => c.routing.deliveries.map((d) => d.id));
  const elsewhere = messages.filter((m) => {
    const delivery = deliveryById.get(m.metadata?.event_payload?.delivery_id ?? '');
    return delivery !== undefined && delivery.target.replace(/^#/, '') !== m.channel;
  });
  const untrue = deliveries.filter((d) => {
    if (d.sink !== 'slack' || d.state !== 'delivered') return false;
    const ts = d.evidence?.ref.split(':')[1];
    return !byDelivery.get(d._id)?.some((m) => m.ts === ts);
  });

  return [
    ...Object.entries(expected).map(([feed, rows]) =>
      equal(`rows of ${feed} in staging`, rows, staging.filter((s) => s.feed === feed).length),
    ),
    none(
      'records without a final status, or failed',
      staging.filter((s) => !ENDED.includes(s.status)).map((s) => `${s._id} is ${s.status}`),
    ),
    none(
      'records taken for poison',
      staging.filter((s) => s.reason === 'poison').map((s) => `${s._id}: ${s.detail}`),
    ),
    equal('complaints in gold', transformed.length, complaints.length),
    none(
      'transformed records without their complaint',
      transformed.filter((s) => !complaintIds.has(s._id)).map((s) => s._id),
    ),
    none(
      'deliveries decided but absent',
      decided.filter((id) => !deliveryById.has(id)),
    ),
    equal('deliveries', decided.length, deliveries.length),
    none(
      'deliveries not delivered',
      deliveries
        .filter((d) => d.state !== 'delivered')
        .map((d) => `${d._id} is ${d.state} (${d.code ?? ''})`),
    ),
    none('due complaints without exactly one Slack message', notOnce(due, byComplaint)),
    none(
      'deliveries with more than one Slack message',
      [...byDelivery].filter(([, m]) => m.length > 1).map(([id, m]) => `${id} (${m.length} times)`),
    ),
    none(
      'Slack messages of no due complaint',
      [...byComplaint.keys()].filter((id) => !dueIds.has(id)),
    ),
    none(
      'Slack messages in another channel than decided',
      elsewhere.map((m) => `${m.channel} ${m.ts}`),
    ),
    none(
      'Slack deliveries whose evidence is no message',
      untrue.map((d) => d._id),
    ),
    none('due complaints without exactly one ticket', notOnce(due, ticketsBy)),
    none(
      'tickets of no due complaint',
      [...ticketsBy.keys()].filter((id) => !dueIds.has(id)),
    ),
  ];
}

/** With `--route always`: what is negative, or may be, is due. */
export const allNegativeDue = ({ complaints }: Facts): Check =>
  none(
    'negative complaints that are not due',
    complaints
      .filter((c) => c.negative && c.routing.state !== 'due')
      .map((c) => `${c._id} is ${c.routing.state}`),
  );

/** What became of each record, as one line: the same whether something was killed meanwhile or not. */
export function outcomes({ staging, complaints }: Facts): Map<string, string> {
  const byId = new Map(complaints.map((c) => [c._id, c]));
  return new Map(
    staging.map(({ _id, status, reason }) => {
      const c = byId.get(_id);
      const decision = c && [
        ...Object.values(c.effective),
        c.negative,
        c.routing.state,
        c.routing.team ?? '',
        c.routing.deliveries.map((d) => d.id).join('+'),
      ];
      return [_id, [status, reason ?? '', ...(decision ?? [])].join(' ')];
    }),
  );
}

/** The same records with the same outcome in both. */
export function sameOutcomes(
  undisturbed: ReadonlyMap<string, string>,
  disturbed: ReadonlyMap<string, string>,
): Check {
  const ids = new Set([...undisturbed.keys(), ...disturbed.keys()]);
  return none(
    'records with another outcome than undisturbed',
    [...ids]
      .filter((id) => undisturbed.get(id) !== disturbed.get(id))
      .map((id) => `${id}: ${undisturbed.get(id) ?? 'absent'} / ${disturbed.get(id) ?? 'absent'}`),
  );
}
