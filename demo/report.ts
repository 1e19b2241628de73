import type {
  AgreementFacts,
  ChannelFacts,
  GroupFacts,
  HeadFacts,
  LatencyFacts,
  ProofFacts,
} from './facts.js';
import type { Screen } from './screen.js';
import { type Shown, slackBox } from './slack-text.js';
import { beside, table } from './table.js';
import { wrap } from './width.js';

/** Everything the demo found out; what `--json` prints. */
export type Report = {
  readonly ok: boolean;
  /** Why it is not. */
  readonly problems: readonly string[];
  readonly tookMs: number;
  /** Messages a second that a channel of the Slack stand-in takes. */
  readonly slackRate: number;
  readonly channels: readonly ChannelFacts[];
  readonly categories: readonly GroupFacts[];
  readonly teams: readonly GroupFacts[];
  /** Routing state to count. */
  readonly routing: Readonly<Record<string, number>>;
  /** What labelled them, and what it is worth by its own measurement. */
  readonly model: {
    readonly id: string;
    readonly measuredOn: string;
    readonly categoryAccuracy: number;
    readonly negativeRecall: number;
  };
  readonly agreement?: AgreementFacts;
  readonly latency: { readonly posts?: LatencyFacts; readonly files?: LatencyFacts };
  readonly slack: readonly Shown[];
  readonly proof: ProofFacts;
};

const STATES: Readonly<Record<string, string>> = {
  due: 'due: sent to a team',
  not_negative: 'not negative: labelled and counted, sent to nobody',
  historic: 'historic: too old to send to a team',
  closed_at_source: 'closed at source',
  linked: 'linked to an earlier one',
  held: 'held back by the import',
  spam: 'spam',
};

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${Math.round((100 * part) / whole)} %`;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what styles are made of
const unstyled = (text: string): string => text.replace(/\u001b\[\d+m/g, '');

/** Prints the report. Sections without anything to say are left out. */
export function printReport(report: Report, screen: Screen): void {
  const { bold, columns } = screen;
  const section = (title: string, lines: readonly string[]): void => {
    screen.line();
    screen.line(bold(title));
    for (const line of lines) screen.line(`  ${line}`);
  };
  const room = columns - 2;
  section(`Taken in, and what the door said (${seconds(report.tookMs)} in all)`, channels(report, bold));
  section(
    'Complaints',
    beside(
      table(['category', 'all', 'negative', 'urgent'], rowsOf(report.categories), bold),
      table(['team', 'sent', 'negative', 'urgent'], rowsOf(report.teams), bold),
      room,
      unstyled,
    ),
  );
  section(
    'Routing',
    Object.entries(report.routing)
      .sort((a, b) => b[1] - a[1])
      .map(([state, count]) => `${String(count).padStart(4)}  ${STATES[state] ?? state}`),
  );
  if (report.agreement)
    section('The classifier beside the written labels', agreed(report.agreement, report.model, bold, room));
  if (report.slack.length > 0) {
    section('On Slack: the most urgent, as the stand-in has them', []);
    for (const shown of report.slack)
      for (const line of slackBox(shown, Math.min(room, 94), bold)) screen.line(`  ${line}`);
  }
  section('From acceptance to Slack', waited(report, room));
  section(report.ok ? 'Proof: it adds up' : 'Proof: IT DOES NOT ADD UP', proven(report, room));
}

const rowsOf = (groups: readonly GroupFacts[]) => groups.map((g) => [g.name, g.all, g.negative, g.urgent]);

const COUNTS = ['sent', 'accepted', 'repeated', 'conflict', 'refused', 'quarantined'] as const;

function channels({ channels }: Report, bold: (text: string) => string): string[] {
  const total = COUNTS.map((name) => channels.reduce((sum, c) => sum + c[name], 0));
  const rows = channels.map((c) => [c.name, c.how, ...COUNTS.map((name) => c[name])]);
  const reasons = channels.flatMap((c) =>
    Object.entries(c.reasons).map(([reason, count]) => `${count} ${reason}`),
  );
  return [
    ...table(
      ['channel', 'through', ...COUNTS],
      channels.length > 1 ? [...rows, ['total', '', ...total]] : rows,
      bold,
    ),
    ...(reasons.length > 0 ? [`Quarantined, each with its reason: ${reasons.join(', ')}.`] : []),
  ];
}

function agreed(facts: AgreementFacts, model: Report['model'], bold: (t: string) => string, room: number) {
  const { n, heads, negative, negativeFound } = facts;
  const row = (name: string, { right, sure, sureRight }: HeadFacts) => [
    name,
    `${right} of ${n}`,
    percent(right, n),
    `${sureRight} of ${sure}`,
    percent(sureRight, sure),
  ];
  return [
    ...table(
      ['label', 'agrees', '', 'where it was sure', ''],
      Object.entries(heads).map(([name, facts]) => row(name, facts)),
      bold,
    ),
    ...wrap(
      `Of ${negative} messages that the reader calls negative, ${model.id} found ${negativeFound} (${percent(negativeFound, negative)}). Written messages are easier than real ones: on ${model.measuredOn} it was right about the category in ${percent(model.categoryAccuracy, 1)} and found ${percent(model.negativeRecall, 1)} of the negative ones. Where it is unsure of sentiment or complaint, the triage team gets it.`,
      room,
    ),
  ];
}

function waited({ latency, slackRate }: Report, room: number): string[] {
  const line = (what: string, l: LatencyFacts | undefined) =>
    l ? [`${what}  median ${seconds(l.median)}, 95 % within ${seconds(l.p95)}, n = ${l.n}`] : [];
  return [
    ...line('posts', latency.posts),
    ...line('files', latency.files),
    ...wrap(
      `Measured: from the receipt to the time of the message. The stand-in takes up to ${slackRate} messages a second and channel; Slack takes about 1, where a burst like this one waits longer.`,
      room,
    ),
  ];
}

function proven({ proof: p, problems }: Report, room: number): string[] {
  const facts = [
    `Ledger ${p.ledger}: ${p.runs} ${p.runs === 1 ? 'run' : 'runs'}, counted in receipts, staging, gold, deliveries and tickets.`,
    `Of ${p.due} due complaints ${p.withOneMessage} have exactly one Slack message and ${p.withOneTicket} exactly one ticket.`,
    `Counted one by one: ${p.messages} messages on the stand-in (${p.strayMessages} of no due complaint), ${p.tickets} tickets (${p.strayTickets} of none).`,
  ];
  return [...facts, ...problems].flatMap((line) => wrap(line, room));
}
