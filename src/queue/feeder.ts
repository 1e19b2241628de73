import { limit } from '../complaint/limits.js';
import type { Lane } from '../staging/record.js';
import type { StagingStore } from '../staging/store.js';
import type { Queues } from './queues.js';

export type Feeder = {
  /** A receipt was just written: queued at once if its lane has room, else MongoDB remembers it. Never throws. */
  hint(receipt: string, lane: Lane): void;
  /** Fills the lane's window from MongoDB, oldest first. */
  refill(lane: Lane): Promise<void>;
  /** A job of this lane is done: fills up when the window runs low. Never throws. */
  done(lane: Lane): void;
};

/**
 * Keeps at most a window of jobs in Redis; what is due stands in MongoDB, so an emptied Redis is filled again. The
 * same receipt may be offered any number of times: its job id is its own.
 */
export function createFeeder(deps: {
  readonly queues: Queues;
  readonly staging: Pick<StagingStore, 'waitingReceipts'>;
  readonly now: () => Date;
  readonly onError: (error: Error) => void;
}): Feeder {
  const window = limit('queueWindow');
  // Jobs believed to be in Redis; corrected at every refill, so a wrong guess costs at most a second.
  const queued: Record<Lane, number> = { live: 0, bulk: 0 };
  const counted: Record<Lane, number> = { live: 0, bulk: 0 };
  const filling: Record<Lane, boolean> = { live: false, bulk: false };
  const add = (receipt: string, lane: Lane) =>
    deps.queues.add(`transform-${lane}`, receipt.replace('.', '-'), { receipt });

  async function refill(lane: Lane): Promise<void> {
    if (filling[lane]) return;
    filling[lane] = true;
    try {
      let offered: number;
      do {
        const receipts = await deps.staging.waitingReceipts(lane, deps.now(), window);
        for (const receipt of receipts) await add(receipt, lane);
        // Counted, not assumed: jobs were done while these were added.
        queued[lane] = await deps.queues.waiting(`transform-${lane}`);
        offered = receipts.length;
        // A full window worked off meanwhile: there is more, and no job is left whose end would ask for it.
      } while (offered >= window && queued[lane] < window / 4);
    } finally {
      filling[lane] = false;
    }
  }

  /** In a process that only accepts, nothing else tells that jobs were done. At most once a second. */
  function recount(lane: Lane): void {
    const now = deps.now().getTime();
    if (now - counted[lane] < 1_000) return;
    counted[lane] = now;
    deps.queues
      .waiting(`transform-${lane}`)
      .then((n) => {
        queued[lane] = n;
      })
      .catch(deps.onError);
  }

  return {
    refill,
    hint(receipt, lane) {
      if (queued[lane] >= window) {
        recount(lane);
        return;
      }
      queued[lane] += 1;
      add(receipt, lane).catch(deps.onError);
    },
    done(lane) {
      queued[lane] = Math.max(0, queued[lane] - 1);
      if (queued[lane] < window / 4) refill(lane).catch(deps.onError);
    },
  };
}
