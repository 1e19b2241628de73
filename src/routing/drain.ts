import { type Complaint, placeOf } from '../complaint/gold.js';
import { limit } from '../complaint/limits.js';
import type { ComplaintCard, Delivery, SendOutcome, Sink } from '../sinks/port.js';
import type { Claim, Claimed, DeliveryRecord, Settlement } from './delivery.js';
import type { RoutingStore } from './store.js';

export type DrainDeps = {
  readonly store: RoutingStore;
  readonly sinks: ReadonlyMap<string, Sink>;
  readonly complaints: (ids: readonly string[]) => Promise<Complaint[]>;
  readonly alarm: (
    kind: 'delivery_dead' | 'destination_stopped',
    subject: string,
    detail: string,
  ) => Promise<void>;
  readonly now: () => Date;
  readonly pause: (ms: number) => Promise<void>;
  /** True once the service stops: nothing new is claimed. */
  readonly stopping: () => boolean;
  readonly leaseMs: number;
  /** When each destination was last sent to by this process. */
  readonly lastSend: Map<string, number>;
};

/** How a drain ended: nothing left, told to wait, stopped, or its time was up. */
export type DrainEnd = { readonly sent: number; readonly end: 'empty' | 'wait' | 'stopped' | 'time' };

/** A service that did not answer in time may still be doing it: asked too early it would truthfully say no. */
const ASK_AFTER_MS = 5_000;

/** Exponential with a cap: 2 s, 4 s, ... 5 min, and a fifth of jitter. */
export const backOff = (attempt: number, random = Math.random()): number =>
  Math.min(1_000 * 2 ** Math.min(attempt, 20), 300_000) * (0.9 + random / 5);

/** What a sink sees of a complaint; all of it from gold, so nothing in it is personal data. */
export function cardOf(complaint: Complaint): ComplaintCard {
  const { effective, prediction, routing } = complaint;
  return {
    id: complaint._id,
    reference: complaint.reference,
    text: complaint.text,
    category: effective.category,
    second: prediction.heads.second,
    sentiment: effective.sentiment,
    urgency: effective.urgency,
    confidence: prediction.heads.category.confidence,
    abstained: complaint.review.map((r) => r.replace('abstained_', '')),
    evidence: prediction.evidence,
    source: complaint.source,
    feed: complaint.feed,
    place: placeOf(complaint),
    sourceRef: complaint.sourceRef,
    channel: complaint.channel,
    occurredAt: complaint.occurredAt,
    receivedAt: complaint.receivedAt,
    team: routing.team ?? '',
    rule: routing.rule ?? '',
    priority: routing.priority ?? 'normal',
  };
}

function toDelivery(record: DeliveryRecord, complaint: Complaint): Delivery {
  const { _id, target, purpose, attempts, createdAt, run, feed, day } = record;
  return {
    id: _id,
    complaintId: complaint._id,
    target,
    purpose,
    attempt: attempts,
    origin: { run, feed, day },
    createdAt,
    card: cardOf(complaint),
  };
}

/**
 * Works off one destination in order until nothing is due, it must wait, or `until` has come. What an earlier attempt
 * may have done is looked for at the sink before it is sent again.
 */
export async function drain(destination: string, deps: DrainDeps, until: Date): Promise<DrainEnd> {
  const { store } = deps;
  const sink = deps.sinks.get(destination.slice(0, destination.indexOf(':')));
  let sent = 0;
  if (!sink) return { sent, end: 'stopped' };
  while (deps.now() < until) {
    const held = await store.destination(destination);
    if (held?.stopped) return { sent, end: 'stopped' };
    if (held?.notBefore && held.notBefore > deps.now()) return { sent, end: 'wait' };
    await keepDistance(destination, sink.spacingMs, deps);
    if (deps.stopping()) break;
    const claims = await store.claim(destination, sink.batchSize, deps.leaseMs, deps.now());
    if (claims.length === 0) return { sent, end: 'empty' };
    const { ready, settled } = await askFirst(claims, sink, deps);
    const complaints = new Map((await deps.complaints(ready.map((r) => r.complaint))).map((c) => [c._id, c]));
    const whole = ready.filter((r) => complaints.has(r.complaint));
    for (const r of ready)
      if (!complaints.has(r.complaint))
        settled.push({ id: r._id, claimed: r.claimed, to: 'dead', code: 'complaint_gone' });
    const batch = whole.map((r) => toDelivery(r, complaints.get(r.complaint) as Complaint));
    const outcomes =
      batch.length === 0
        ? []
        : await sink
            .send(batch)
            .catch((e: Error) => batch.map((): SendOutcome => ({ kind: 'unknown', code: e.name })));
    for (const [i, record] of whole.entries())
      settled.push(await settlementOf(record, outcomes[i] ?? { kind: 'unknown', code: 'no_outcome' }, deps));
    await store.settle(settled, deps.now());
    sent += outcomes.filter((o) => o.kind === 'delivered').length;
  }
  return { sent, end: 'time' };
}

/** At least the sink's spacing between two sends to one destination, also across drains. */
async function keepDistance(destination: string, spacingMs: number, deps: DrainDeps): Promise<void> {
  const wait = (deps.lastSend.get(destination) ?? 0) + spacingMs - deps.now().getTime();
  if (wait > 0) await deps.pause(wait);
  deps.lastSend.set(destination, deps.now().getTime());
}

/** Parts the claims into those that surely must be sent now and those that asking has settled. */
async function askFirst(
  claims: readonly Claim[],
  sink: Sink,
  deps: DrainDeps,
): Promise<{ ready: Claimed[]; settled: Settlement[] }> {
  const ready: Claimed[] = [];
  const settled: Settlement[] = [];
  for (const { record, kind } of claims) {
    if (kind === 'fresh') {
      ready.push(record);
      continue;
    }
    const { _id: id, claimed, complaint: complaintId, target, createdAt, attempts } = record;
    const found = await sink
      .find({ id, complaintId, target, createdAt })
      .catch((e: Error) => ({ kind: 'unavailable' as const, code: e.name, retryAfterMs: undefined }));
    if (found.kind === 'found') settled.push({ id, claimed, to: 'delivered', evidence: found.evidence });
    else if (found.kind === 'absent') ready.push(record);
    else {
      const dueAt = later(deps.now(), found.retryAfterMs ?? backOff(attempts));
      settled.push({ id, claimed, to: 'unknown', code: found.code, dueAt });
    }
  }
  return { ready, settled };
}

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

async function settlementOf(record: Claimed, outcome: SendOutcome, deps: DrainDeps): Promise<Settlement> {
  const { store } = deps;
  const { _id: id, claimed, destination, attempts } = record;
  const now = deps.now();
  switch (outcome.kind) {
    case 'delivered':
      return { id, claimed, to: 'delivered', evidence: outcome.evidence };
    case 'rate_limited': {
      const dueAt = later(now, outcome.retryAfterMs);
      await store.hold(destination, dueAt);
      return { id, claimed, to: 'untried', dueAt };
    }
    case 'unknown':
      return {
        id,
        claimed,
        to: 'unknown',
        code: outcome.code,
        dueAt: later(now, Math.max(ASK_AFTER_MS, backOff(attempts))),
      };
    case 'not_sent': {
      const { code, afterMs = backOff(attempts) } = outcome;
      if (attempts < limit('deliveryAttempts'))
        return { id, claimed, to: 'pending', code, dueAt: later(now, afterMs) };
      const detail = `a delivery to ${destination} failed ${attempts} times, last with ${code}`;
      await deps.alarm('delivery_dead', destination, detail);
      return { id, claimed, to: 'dead', code };
    }
    case 'refused': {
      const { what, code } = outcome;
      if (what === 'content') {
        await deps.alarm(
          'delivery_dead',
          destination,
          `${destination} refused the content of a delivery: ${code}`,
        );
        return { id, claimed, to: 'dead', code };
      }
      await store.stop(destination, code, now);
      await deps.alarm(
        'destination_stopped',
        destination,
        `${destination} answers ${code}; its deliveries wait`,
      );
      return { id, claimed, to: 'untried', dueAt: now };
    }
  }
}
