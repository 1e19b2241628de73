import type { Message } from '../stand-ins/slack/index.js';
import { type ApiComplaint, type ApiLedger, brokenChecks } from './client.js';
import type { Expected } from './messages.js';

/** What one channel handed in and what became of it. */
export type ChannelFacts = {
  readonly name: string;
  readonly feed: string;
  readonly how: string;
  readonly sent: number;
  readonly accepted: number;
  readonly repeated: number;
  readonly conflict: number;
  readonly refused: number;
  readonly quarantined: number;
  /** Reason code to count. */
  readonly reasons: Readonly<Record<string, number>>;
};

export type GroupFacts = {
  readonly name: string;
  readonly all: number;
  readonly negative: number;
  readonly urgent: number;
};

export type HeadFacts = {
  readonly right: number;
  /** Of the answers on which the head did not abstain. */
  readonly sure: number;
  readonly sureRight: number;
};
export type AgreementFacts = {
  readonly n: number;
  readonly heads: Readonly<Record<(typeof HEADS)[number], HeadFacts>>;
  /** Messages that the reader calls negative, and how many of them the service does. */
  readonly negative: number;
  readonly negativeFound: number;
};

/** Milliseconds from the durable acceptance to the message's time on the stand-in. */
export type LatencyFacts = { readonly n: number; readonly median: number; readonly p95: number };

export type ProofFacts = {
  readonly ledger: string;
  readonly runs: number;
  /** Sentences of checks that do not hold. */
  readonly broken: readonly string[];
  readonly due: number;
  readonly withOneMessage: number;
  readonly withOneTicket: number;
  readonly messages: number;
  readonly tickets: number;
  /** Messages and tickets of a complaint that is not due, or of none at all. */
  readonly strayMessages: number;
  readonly strayTickets: number;
};

const HEADS = ['category', 'sentiment', 'complaint', 'urgency'] as const;

/** Complaint that a message on the stand-in says it is about. */
export const complaintOf = (message: Message): string =>
  String(message.metadata?.event_payload.complaint_id ?? '');

function countBy(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

export function groupsBy(
  complaints: readonly ApiComplaint[],
  keyOf: (c: ApiComplaint) => string | undefined,
): GroupFacts[] {
  const groups = new Map<string, ApiComplaint[]>();
  for (const c of complaints) {
    const key = keyOf(c);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), c]);
  }
  return [...groups]
    .map(([name, members]) => ({
      name,
      all: members.length,
      negative: members.filter((c) => c.negative).length,
      urgent: members.filter((c) => c.labels.urgency === 'high').length,
    }))
    .sort((a, b) => b.all - a.all || a.name.localeCompare(b.name));
}

/** Labels of the service beside those of the reader. `idOf`: complaint id by the sender's own id. */
export function agreement(
  expected: readonly Expected[],
  idOf: ReadonlyMap<string, string>,
  complaints: readonly ApiComplaint[],
): AgreementFacts {
  const byId = new Map(complaints.map((c) => [c.id, c]));
  const pairs = expected.flatMap((e) => {
    const found = byId.get(idOf.get(e.externalId) ?? '');
    return found ? [{ e, found }] : [];
  });
  const headOf = (head: (typeof HEADS)[number]): HeadFacts => {
    const right = pairs.filter(({ e, found }) => e[head] === found.labels[head]);
    const sure = ({ found }: (typeof pairs)[number]) => !found.review.includes(`abstained_${head}`);
    return {
      right: right.length,
      sure: pairs.filter(sure).length,
      sureRight: right.filter(sure).length,
    };
  };
  const negative = pairs.filter(({ e }) => e.sentiment === 'negative');
  return {
    n: pairs.length,
    heads: Object.fromEntries(HEADS.map((head) => [head, headOf(head)])) as AgreementFacts['heads'],
    negative: negative.length,
    negativeFound: negative.filter(({ found }) => found.negative).length,
  };
}

/** Nearest-rank quantiles; undefined where nothing was sent. */
export function latency(
  complaints: readonly ApiComplaint[],
  messages: readonly Message[],
): LatencyFacts | undefined {
  const received = new Map(complaints.map((c) => [c.id, Date.parse(c.receivedAt)]));
  const times = messages
    .flatMap((m) => {
      const at = received.get(complaintOf(m));
      return at === undefined ? [] : [m.micros / 1_000 - at];
    })
    .sort((a, b) => a - b);
  const at = (share: number): number => times[Math.ceil(times.length * share) - 1] ?? 0;
  return times.length === 0
    ? undefined
    : { n: times.length, median: Math.round(at(0.5)), p95: Math.round(at(0.95)) };
}

/** Counts messages on the stand-in and tickets one by one against the complaints that are due. */
export function proof(
  complaints: readonly ApiComplaint[],
  messages: readonly Message[],
  ticketComplaints: readonly string[],
  ledger: ApiLedger,
): ProofFacts {
  const due = new Set(complaints.filter((c) => c.routing.state === 'due').map((c) => c.id));
  const said = countBy(messages.map(complaintOf));
  const tickets = countBy(ticketComplaints);
  const once = (counts: ReadonlyMap<string, number>) => [...due].filter((id) => counts.get(id) === 1).length;
  const stray = (ids: readonly string[]) => ids.filter((id) => !due.has(id)).length;
  return {
    ledger: ledger.verdict,
    runs: new Set(ledger.rows.map((r) => r.run)).size,
    broken: brokenChecks(ledger),
    due: due.size,
    withOneMessage: once(said),
    withOneTicket: once(tickets),
    messages: messages.length,
    tickets: ticketComplaints.length,
    strayMessages: stray(messages.map(complaintOf)),
    strayTickets: stray(ticketComplaints),
  };
}

/** What does not add up, in sentences; empty = all of it does. */
export function problemsOf(p: ProofFacts): string[] {
  const problems = p.ledger === 'balanced' ? [] : [`The ledger is ${p.ledger}. ${p.broken.join(' ')}`.trim()];
  const missing = (what: string, found: number) => {
    if (found !== p.due)
      problems.push(`${p.due - found} of ${p.due} due complaints have not exactly one ${what}.`);
  };
  missing('Slack message', p.withOneMessage);
  missing('ticket', p.withOneTicket);
  if (p.strayMessages > 0) problems.push(`${p.strayMessages} Slack messages belong to no due complaint.`);
  if (p.strayTickets > 0) problems.push(`${p.strayTickets} tickets belong to no due complaint.`);
  return problems;
}
