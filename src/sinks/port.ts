import type { Category, Sentiment, Urgency } from '../complaint/labels.js';

/** How often an effect can happen; each sink states its own (law 6). */
export type Guarantee = 'asked' | 'at_most_once' | 'at_least_once_stable_id';

/** What a sink may show of a complaint: redacted by construction, nothing here is personal data. */
export type ComplaintCard = {
  readonly id: string;
  /** Short reference with a check character, e.g. `7K3M9-QX2TA-W`. */
  readonly reference: string;
  /** Redacted text, any length and script. */
  readonly text: string;
  readonly category: Category;
  readonly second?: Category | undefined;
  readonly sentiment: Sentiment;
  readonly urgency: Urgency;
  /** Confidence of the category, 0 to 1. */
  readonly confidence: number;
  readonly abstained: readonly string[];
  readonly evidence: readonly string[];
  readonly source: string;
  readonly feed: string;
  readonly place?: string | undefined;
  /** The sender's own number of it: how a team finds the customer in its own system. */
  readonly sourceRef?: string | undefined;
  readonly channel?: string | undefined;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly team: string;
  /** Name of the routing rule that chose the team. */
  readonly rule: string;
  readonly priority: 'normal' | 'high';
};

/** One effect on one sink for one complaint. `id` is stable over every attempt and is what the sink is asked for. */
export type Delivery = {
  readonly id: string;
  readonly complaintId: string;
  /** Where it goes inside the sink: a Slack channel, a ticket queue. */
  readonly target: string;
  readonly purpose: 'route';
  readonly attempt: number;
  /** The ledger's unit this counts under. */
  readonly origin: { readonly run: string; readonly feed: string; readonly day: string };
  readonly createdAt: Date;
  readonly card: ComplaintCard;
};

/** Where the effect can be found again; stored on the delivery (channel and ts, ticket id). */
export type Evidence = { readonly ref: string; readonly url?: string };

export type SendOutcome =
  | { readonly kind: 'delivered'; readonly evidence: Evidence }
  /** Surely not done: try again after `afterMs`. `code` is a short machine word for logs and alarms. */
  | { readonly kind: 'not_sent'; readonly code: string; readonly afterMs?: number }
  /** Surely not done, and the whole target must wait. */
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  /** May have been done: ask `find` before anything else. */
  | { readonly kind: 'unknown'; readonly code: string }
  /** Surely not done and never will be: `target` and `credentials` stop the destination, `content` only this one. */
  | { readonly kind: 'refused'; readonly what: 'target' | 'content' | 'credentials'; readonly code: string };

export type FindOutcome =
  | { readonly kind: 'found'; readonly evidence: Evidence; readonly times: number }
  | { readonly kind: 'absent' }
  /** The sink could not answer now: nothing is known. */
  | { readonly kind: 'unavailable'; readonly code: string; readonly retryAfterMs?: number };

/**
 * A driver of the desk: one file each. `send` never throws for what the service answers; a thrown error counts as
 * `unknown`. Client libraries' own retries are off: the delivery record is the only retry.
 */
export interface Sink {
  readonly name: 'slack' | 'tickets' | 'outbox';
  readonly guarantee: Guarantee;
  /** Deliveries taken per `send`; results come in the same order. */
  readonly batchSize: number;
  /** Least time between two `send` calls to one target, ms. */
  readonly spacingMs: number;
  send(deliveries: readonly Delivery[]): Promise<SendOutcome[]>;
  /** Looks for the effect of a delivery: by Slack metadata, by ticket external id. */
  find(delivery: Pick<Delivery, 'id' | 'complaintId' | 'target' | 'createdAt'>): Promise<FindOutcome>;
  close(): Promise<void>;
}
