import type { Evidence } from '../sinks/port.js';

/**
 * `unknown` is asked before anything else. `dead` and `stopped` need a person: dead is this delivery's own fault,
 * stopped is its destination's.
 */
export const DELIVERY_STATES = [
  'pending',
  'sending',
  'unknown',
  'delivered',
  'dead',
  'folded',
  'superseded',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One effect on one sink for one complaint. `_id` is stable: the same decision never makes a second one. */
export type DeliveryRecord = {
  readonly _id: string;
  readonly complaint: string;
  readonly run: string;
  readonly feed: string;
  readonly day: string;
  readonly sink: string;
  readonly target: string;
  /** `sink:target`, what is drained in order. */
  readonly destination: string;
  readonly team: string;
  readonly purpose: 'route';
  readonly seq: number;
  /** 0 = high, 1 = normal: drained in this order, then oldest first. */
  readonly priority: 0 | 1;
  readonly state: DeliveryState;
  readonly dueAt: Date;
  readonly attempts: number;
  /** By the database's clock; a `sending` whose lease ran out is `unknown`. */
  readonly leaseUntil?: Date;
  /** Token of the claim that holds it. */
  readonly claimed?: string;
  readonly createdAt: Date;
  readonly deliveredAt?: Date;
  readonly evidence?: Evidence;
  /** Machine word of the last failure. */
  readonly code?: string;
};

/** A destination that must wait or was stopped; kept apart from its deliveries, so that one write holds all of them. */
export type DestinationRecord = {
  readonly _id: string;
  readonly notBefore?: Date;
  readonly stopped?: { readonly code: string; readonly at: Date };
};

/** A delivery held by a claim. */
export type Claimed = DeliveryRecord & { readonly claimed: string };

/** A claim is `fresh` (nothing was sent yet) or `ask` (an earlier attempt may have done it). */
export type Claim = { readonly record: Claimed; readonly kind: 'fresh' | 'ask' };

/**
 * What becomes of a claimed delivery; `code` is a machine word. `untried` gives it back: surely nothing was
 * sent. Only `delivered` holds whoever has the claim by now: it is a fact, the others are plans.
 */
export type Settlement = { readonly id: string; readonly claimed: string } & (
  | { readonly to: 'delivered'; readonly evidence: Evidence }
  | { readonly to: 'pending' | 'unknown'; readonly code: string; readonly dueAt: Date }
  | { readonly to: 'dead'; readonly code: string }
  | { readonly to: 'untried'; readonly dueAt: Date }
);
