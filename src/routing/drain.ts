import type { Complaint } from '../complaint/gold.js';
import { limit } from '../complaint/limits.js';
import type { ComplaintCard, Delivery, SendOutcome, Sink } from '../sinks/port.js';
import type { Claim, DeliveryRecord } from './delivery.js';
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
    place: complaint.place,
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
    const ready = await askFirst(claims, sink, deps);
    const complaints = new Map((await deps.complaints(ready.map((r) => r.complaint))).map((c) => [c._id, c]));
    const whole = ready.filter((r) => complaints.has(r.complaint));
    for (const r of ready) if (!complaints.has(r.complaint)) await store.dead(r._id, 'complaint_gone');
    if (whole.length === 0) continue;
    const batch = whole.map((r) => toDelivery(r, complaints.get(r.complaint) as Complaint));
    const outcomes = await sink
      .send(batch)
      .catch((e: Error) => batch.map((): SendOutcome => ({ kind: 'unknown', code: e.name })));
    for (const [i, record] of whole.entries()) {
      const outcome = outcomes[i] ?? { kind: 'unknown', code: 'no_outcome' };
      await settle(record, outcome, deps);
      if (outcome.kind === 'delivered') sent += 1;
    }
  }
  return { sent, end: 'time' };
}

/** At least the sink's spacing between two sends to one destination, also across drains. */
async function keepDistance(destination: string, spacingMs: number, deps: DrainDeps): Promise<void> {
  const wait = (deps.lastSend.get(destination) ?? 0) + spacingMs - deps.now().getTime();
  if (wait > 0) await deps.pause(wait);
  deps.lastSend.set(destination, deps.now().getTime());
}

/** Leaves the claims that surely must be sent now. */
async function askFirst(claims: readonly Claim[], sink: Sink, deps: DrainDeps): Promise<DeliveryRecord[]> {
  const ready: DeliveryRecord[] = [];
  for (const { record, kind } of claims) {
    if (kind === 'fresh') {
      ready.push(record);
      continue;
    }
    const { _id: id, target, createdAt } = record;
    const found = await sink
      .find({ id, complaintId: record.complaint, target, createdAt })
      .catch((e: Error) => ({ kind: 'unavailable' as const, code: e.name, retryAfterMs: undefined }));
    if (found.kind === 'found') await deps.store.delivered(id, found.evidence, deps.now());
    else if (found.kind === 'absent') ready.push(record);
    else
      await deps.store.unknown(
        id,
        found.code,
        later(deps.now(), found.retryAfterMs ?? backOff(record.attempts)),
      );
  }
  return ready;
}

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

async function settle(record: DeliveryRecord, outcome: SendOutcome, deps: DrainDeps): Promise<void> {
  const { store } = deps;
  const { _id: id, destination, attempts } = record;
  const now = deps.now();
  switch (outcome.kind) {
    case 'delivered':
      return store.delivered(id, outcome.evidence, now);
    case 'rate_limited':
      await store.hold(destination, later(now, outcome.retryAfterMs));
      return store.release(id, later(now, outcome.retryAfterMs));
    case 'unknown':
      return store.unknown(id, outcome.code, later(now, Math.max(ASK_AFTER_MS, backOff(attempts))));
    case 'not_sent': {
      if (attempts < limit('deliveryAttempts'))
        return store.again(id, outcome.code, later(now, outcome.afterMs ?? backOff(attempts)));
      await deps.alarm(
        'delivery_dead',
        destination,
        `a delivery to ${destination} failed ${attempts} times, last with ${outcome.code}`,
      );
      return store.dead(id, outcome.code);
    }
    case 'refused': {
      if (outcome.what === 'content') {
        await deps.alarm(
          'delivery_dead',
          destination,
          `${destination} refused the content of a delivery: ${outcome.code}`,
        );
        return store.dead(id, outcome.code);
      }
      await store.stop(destination, outcome.code, now);
      await deps.alarm(
        'destination_stopped',
        destination,
        `${destination} answers ${outcome.code}; its deliveries wait`,
      );
      return store.release(id, now);
    }
  }
}
