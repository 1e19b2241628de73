import type { EffectiveLabels, Routing, RoutingState } from '../complaint/gold.js';

/** What the decision looks at; everything is known at the first transform and does not change afterwards. */
export type Facts = {
  readonly id: string;
  readonly feed: string;
  readonly source: string;
  readonly place?: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly sourceStatus?: string;
  readonly effective: EffectiveLabels;
  readonly second?: string;
  readonly confidence: number;
  readonly negative: boolean;
  readonly negativeScore: number;
  readonly review: readonly string[];
  readonly route: 'auto' | 'always' | 'never';
  /** Of the feed: oldest occurredAt that still goes to a team, ms before receivedAt. */
  readonly routeWithinMs: number;
  /** Of the feed: source statuses that mean the case is over, lower case. */
  readonly closedStatuses: readonly string[];
};

/** The team a `due` complaint goes to, from config/routing.yaml. */
export type Match = { readonly rule: string; readonly team: string; readonly priority: 'normal' | 'high' };

export type Desk = {
  readonly version: string;
  readonly triage: string;
  match(facts: Facts): Match;
  /** Sinks and targets of a team: its Slack channel (or the outbox), its ticket queue. */
  destinations(team: string): readonly { readonly sink: string; readonly target: string }[];
};

const unsure = (review: readonly string[]): boolean =>
  review.includes('abstained_sentiment') || review.includes('abstained_complaint');

/** Why a complaint goes to a team, or why it does not. */
export function stateOf(facts: Facts): RoutingState {
  if (!facts.negative && !unsure(facts.review)) return 'not_negative';
  if (facts.route === 'never') return 'held';
  if (facts.route === 'always') return 'due';
  if (
    facts.sourceStatus !== undefined &&
    facts.closedStatuses.includes(facts.sourceStatus.trim().toLowerCase())
  )
    return 'closed_at_source';
  const age = facts.receivedAt.getTime() - facts.occurredAt.getTime();
  return age > facts.routeWithinMs ? 'historic' : 'due';
}

export const deliveryId = (complaint: string, seq: number, sink: string, team: string): string =>
  `${complaint}-${seq}-${sink}-${team}`;

/**
 * The routing decision of a complaint. It is stored and made once; what a model is not sure to be negative goes to the
 * triage team, never nowhere.
 */
export function decide(facts: Facts, desk: Desk, now: Date): Routing {
  const state = stateOf(facts);
  const decided = { state, seq: 1, decidedAt: now, rulesVersion: desk.version };
  if (state !== 'due') return { ...decided, deliveries: [] };
  const { team, rule, priority } = unsure(facts.review)
    ? {
        team: desk.triage,
        rule: 'abstained',
        priority: facts.effective.urgency === 'high' ? ('high' as const) : ('normal' as const),
      }
    : desk.match(facts);
  const deliveries = desk
    .destinations(team)
    .map(({ sink, target }) => ({ id: deliveryId(facts.id, 1, sink, team), sink, target }));
  return { ...decided, team, rule, priority, deliveries };
}
