import type { InferenceItem, InferenceResult, Lane } from './port.js';

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

/** Batches of `live` that go before one of `bulk`, when bulk waits: live first, bulk never starved (law 8). */
export const LIVE_BEFORE_BULK = 4;

/** What one batch holds at most; a single text is never too large for a batch of its own. */
export type Budget = { readonly chars: number; readonly items: number };

/** Two first-in-first-out lanes of requests. */
export class Lanes {
  private readonly waiting: Record<Lane, Request[]> = { live: [], bulk: [] };
  private liveInARow = 0;

  add(lane: Lane, request: Request): void {
    this.waiting[lane].push(request);
  }

  /** The next batch, of one lane, or an empty list. Items of failed requests are passed over. */
  take(budget: Budget): Pending[] {
    const live = this.front('live') !== undefined;
    const bulk = this.front('bulk') !== undefined;
    if (bulk && (!live || this.liveInARow >= LIVE_BEFORE_BULK)) {
      this.liveInARow = 0;
      return this.fill('bulk', budget);
    }
    this.liveInARow = bulk ? this.liveInARow + 1 : 0;
    return this.fill('live', budget);
  }

  /** Takes out every request that still has items to hand out. */
  drain(): Request[] {
    const all = [...this.waiting.live.splice(0), ...this.waiting.bulk.splice(0)];
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
      chars += text.length;
      if (batch.length > 0 && (chars > budget.chars || batch.length >= budget.items)) break;
      batch.push({ request, index: request.next++, text });
    }
    return batch;
  }
}
