import { costOf } from './cost.js';
import { type InferenceItem, type InferenceResult, LANES, type Lane } from './port.js';

/** One call of `classify`: answered when every item is, or failed as a whole. */
export type Request = {
  readonly items: readonly InferenceItem[];
  readonly results: InferenceResult[];
  /** First item that was not handed out yet. */
  next: number;
  left: number;
  failed: boolean;
  readonly resolve: (results: InferenceResult[]) => void;
  readonly reject: (e: unknown) => void;
};

export type Pending = { readonly request: Request; readonly index: number; readonly text: string };

/** Batches of earlier lanes that go before one of a later lane that waits: live first, bulk never starved (law 8). */
export const BEFORE_LATER = 4;

/** What one batch holds at most; a single text is never too large for a batch of its own. `chars` as `costOf` counts. */
export type Budget = { readonly chars: number; readonly items: number };

/** First-in-first-out lanes of requests, an earlier one before a later one. */
export class Lanes {
  private readonly waiting: Record<Lane, Request[]> = { live: [], asked: [], bulk: [] };
  /** Batches of the first waiting lane that others were kept waiting by. */
  private inARow = 0;
  /** Of each lane, the number of the turn it had last. */
  private readonly turn: Record<Lane, number> = { live: 0, asked: 0, bulk: 0 };
  private turns = 0;

  add(lane: Lane, request: Request): void {
    this.waiting[lane].push(request);
  }

  /** Items that were not handed out yet. */
  waitingIn(lane: Lane): number {
    return this.waiting[lane].reduce(
      (n, { failed, items, next }) => n + (failed ? 0 : items.length - next),
      0,
    );
  }

  /** The next batch, of one lane, or an empty list. Items of failed requests are passed over. */
  take(budget: Budget): Pending[] {
    const [first, ...later] = LANES.filter((lane) => this.front(lane) !== undefined);
    if (first === undefined) return [];
    const starved = later.length > 0 && this.inARow >= BEFORE_LATER;
    const lane = starved ? later.reduce((a, b) => (this.turn[b] < this.turn[a] ? b : a)) : first;
    this.inARow = starved || later.length === 0 ? 0 : this.inARow + 1;
    this.turn[lane] = ++this.turns;
    return this.fill(lane, budget);
  }

  /** Takes out every request that still has items to hand out. */
  drain(): Request[] {
    const all = LANES.flatMap((lane) => this.waiting[lane].splice(0));
    return all.filter((request) => !request.failed);
  }

  private front(lane: Lane): Request | undefined {
    const queue = this.waiting[lane];
    while (queue[0] && (queue[0].failed || queue[0].next >= queue[0].items.length)) queue.shift();
    return queue[0];
  }

  private fill(lane: Lane, budget: Budget): Pending[] {
    const batch: Pending[] = [];
    let chars = 0;
    for (let request = this.front(lane); request; request = this.front(lane)) {
      const text = request.items[request.next]?.text ?? '';
      chars += costOf(text);
      if (batch.length > 0 && (chars > budget.chars || batch.length >= budget.items)) break;
      batch.push({ request, index: request.next++, text });
    }
    return batch;
  }
}
