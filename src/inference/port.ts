import type { Prediction } from '../complaint/prediction.js';

/** In the order in which they are served: complaints, then who asks for an answer and waits, then files (law 8). */
export const LANES = ['live', 'asked', 'bulk'] as const;
export type Lane = (typeof LANES)[number];

/** A text to label. `id` comes back on the result, which is how answers are matched and counted. */
export type InferenceItem = { readonly id: string; readonly text: string };

export type InferenceResult =
  | { readonly id: string; readonly ok: true; readonly prediction: Prediction }
  /** This text could not be labelled (its neighbours were); `reason` never contains the text. */
  | { readonly id: string; readonly ok: false; readonly reason: string };

export type ModelInfo = {
  readonly id: string;
  readonly weightsHash: string;
  /** What the model is worth, as measured by its own training command; shown by `redress doctor`. */
  readonly score: {
    readonly measuredOn: string;
    readonly categoryAccuracy: number;
    readonly negativeRecall: number;
  };
};

/**
 * The classifier as the pipeline sees it. Work never runs on the event loop (law 10).
 * `classify` answers one result per item, in the order given; it throws only if the engine itself failed, in which
 * case no item was labelled and the caller tries again later.
 */
export interface Inference {
  readonly model: ModelInfo;
  /** What is not under way yet when `signal` aborts is not worked on; the call rejects with the signal's reason. */
  classify(items: readonly InferenceItem[], lane: Lane, signal?: AbortSignal): Promise<InferenceResult[]>;
  /** Texts of a lane that are not under way yet. */
  waiting(lane: Lane): number;
  /** Idempotent; waits for batches under way. */
  close(): Promise<void>;
}
