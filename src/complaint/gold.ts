import type { Category, Sentiment, Urgency } from './labels.js';
import type { Prediction } from './prediction.js';
import type { Entities } from './entities.js';
import type { Position } from './envelope.js';
import type { Source } from './aligned.js';

export const GOLD_VERSION = 1;

/**
 * Decided once, at the first transform (law 5).
 * `held` is ours beside the states of the design: the import said `--route never`.
 */
export const ROUTING_STATES = [
  'due',
  'historic',
  'closed_at_source',
  'not_negative',
  'spam',
  'linked',
  'held',
] as const;
export type RoutingState = (typeof ROUTING_STATES)[number];

/** The stored decision; a re-run reads it, only an explicit re-route raises `seq`. */
export type Routing = {
  readonly state: RoutingState;
  readonly seq: number;
  readonly decidedAt: Date;
  readonly rulesVersion: string;
  /** Absent unless state is `due`. */
  readonly team?: string;
  readonly rule?: string;
  readonly priority?: 'normal' | 'high';
  /** Deliveries that this decision calls for: the ledger compares them with the deliveries that are there. */
  readonly deliveries: readonly { readonly id: string; readonly sink: string; readonly target: string }[];
};

/** Labels that count: a person's where there is one, else the model's. */
export type EffectiveLabels = {
  readonly category: Category;
  readonly sentiment: Sentiment;
  readonly complaint: 'y' | 'n';
  readonly urgency: Urgency;
  readonly by: 'model' | 'human';
};

/** One trusted record a complaint. Nothing in it is personal data in clear. */
export type Complaint = {
  readonly _id: string;
  readonly v: typeof GOLD_VERSION;
  readonly reference: string;
  readonly feed: string;
  readonly source: Source;
  readonly run: string;
  /** UTC day of receivedAt, `YYYY-MM-DD`: the ledger's unit. */
  readonly day: string;
  readonly receivedAt: Date;
  readonly occurredAt: Date;
  /** Cleaned and redacted. */
  readonly text: string;
  /** Folded stems of the text, for search. */
  readonly words: readonly string[];
  /** What the text says beside its labels; complaints of before version 2 of the pipeline have none. */
  readonly entities?: Entities;
  readonly customer?: string;
  readonly channel?: string;
  readonly place?: string;
  readonly sourceCategory?: string;
  readonly sourceStatus?: string;
  /** The sender's own number of it: ticket column, `sourceRef` or `externalId`. */
  readonly sourceRef?: string;
  readonly conversationRef?: string;
  readonly customerTier?: string;
  readonly languageHint?: string;
  readonly prediction: Prediction;
  readonly effective: EffectiveLabels;
  readonly negative: boolean;
  readonly negativeScore: number;
  /** Why a person should look at it; empty = nobody needs to. */
  readonly review: readonly (
    | 'abstained_category'
    | 'abstained_sentiment'
    | 'abstained_complaint'
    | 'abstained_urgency'
  )[];
  readonly routing: Routing;
  readonly lineage: {
    readonly position: Position;
    readonly rawHash: string;
    readonly receipt: string;
    readonly alignedVersion: number;
    readonly pipelineVersion: number;
    readonly software: string;
  };
};

/** Where the trouble is: as the sender's system says, else the first place that the text names, with its state. */
export function placeOf({ place, entities }: Pick<Complaint, 'place' | 'entities'>): string | undefined {
  const named = entities?.places[0];
  if (place !== undefined || named === undefined) return place;
  return named.name === named.state ? named.name : `${named.name}, ${named.state}`;
}
