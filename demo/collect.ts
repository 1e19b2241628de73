import { quarantinedByReason } from '../src/cli/store.js';
import type { Message } from '../stand-ins/slack/index.js';
import type { ApiComplaint, Client } from './client.js';
import { agreement, complaintOf, groupsBy, latency, problemsOf, proof } from './facts.js';
import { expectedLabels } from './messages.js';
import type { Played } from './play.js';
import type { Report } from './report.js';
import type { Site } from './site.js';
import type { Shown } from './slack-text.js';

const SHOWN = 3;

/** Asks the API and the stand-in for everything, once all is settled. */
export async function collect(options: {
  readonly site: Site;
  readonly client: Client;
  readonly channels: readonly Played[];
  /** Complaint by the sender's own id; empty without written labels. */
  readonly ids: ReadonlyMap<string, string>;
  readonly tookMs: number;
  readonly slackRate: number;
}): Promise<Report> {
  const { site, client, ids, tookMs, slackRate } = options;
  const complaints = await client.complaints();
  const messages = site.slack.messages();
  const ledger = await client.ledger();
  const proven = proof(complaints, messages, await client.tickets(), ledger);
  const problems = problemsOf(proven);
  const channels = await Promise.all(
    options.channels.map(async ({ outcomes, ...channel }) => {
      const runs = ledger.rows.filter((r) => r.feed === channel.feed);
      const reasons: Record<string, number> = {};
      for (const run of new Set(runs.map((r) => r.run)))
        for (const [reason, count] of Object.entries(
          await quarantinedByReason(site.running.service.store, run),
        ))
          reasons[reason] = (reasons[reason] ?? 0) + count;
      const quarantined = Object.values(reasons).reduce((a, b) => a + b, 0);
      return { ...channel, ...outcomes, quarantined, reasons };
    }),
  );
  const posted = new Set(ids.values());
  const byPost = complaints.filter((c) => posted.has(c.id));
  const byFile = complaints.filter((c) => !posted.has(c.id));
  const posts = latency(byPost, messages);
  const files = latency(byFile, messages);
  return {
    ok: problems.length === 0,
    problems,
    tookMs,
    slackRate,
    channels,
    categories: groupsBy(complaints, (c) => c.labels.category),
    teams: groupsBy(complaints, (c) => c.routing.team),
    model: modelOf(site),
    routing: Object.fromEntries(groupsBy(complaints, (c) => c.routing.state).map((g) => [g.name, g.all])),
    ...(ids.size > 0 ? { agreement: agreement(expectedLabels(), ids, complaints) } : {}),
    latency: { ...(posts ? { posts } : {}), ...(files ? { files } : {}) },
    slack: mostUrgent(complaints, messages, site.running.service.config.operator.zone),
    proof: proven,
  };
}

function modelOf({ running: { service } }: Site): Report['model'] {
  const { id, score } = service.inference?.model ?? {};
  const { measuredOn = '', categoryAccuracy = 0, negativeRecall = 0 } = score ?? {};
  return { id: id ?? '', measuredOn, categoryAccuracy, negativeRecall };
}

/** High priority first, then urgent, then what the model scores most negative; one a channel. */
function mostUrgent(
  complaints: readonly ApiComplaint[],
  messages: readonly Message[],
  zone: string,
): Shown[] {
  const byId = new Map(complaints.map((c) => [c.id, c]));
  const rank = (m: Message): number => {
    const c = byId.get(complaintOf(m));
    if (!c) return 0;
    return (c.routing.priority === 'high' ? 4 : 0) + (c.labels.urgency === 'high' ? 2 : 0) + c.negativeScore;
  };
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' });
  const seen = new Set<string>();
  return [...messages]
    .sort((a, b) => rank(b) - rank(a))
    .filter(({ channel }) => !seen.has(channel.id) && seen.add(channel.id))
    .slice(0, SHOWN)
    .map((m) => ({
      reference: String(m.metadata?.event_payload.reference ?? ''),
      channel: m.channel.name,
      at: clock.format(m.micros / 1_000),
      blocks: m.blocks,
    }));
}
