import type { Envelope } from '../complaint/envelope.js';
import { limit } from '../complaint/limits.js';
import type { RefusalReason } from '../complaint/reasons.js';
import type { Cipher } from '../governance/cipher.js';
import { steady } from '../store/steady.js';
import { type Draft, draft, writeBatch } from './accept.js';
import type { ClosedReceipt, DoorOutcome, Lane, Receipt, ReceiptCounts, RoutePolicy } from './record.js';
import type { StagingStore } from './store.js';

export type DoorOptions = {
  readonly run: string;
  readonly feed: string;
  readonly source: Receipt['source'];
  readonly lane: Lane;
  readonly route: RoutePolicy;
  /** 0 for a new run; for one that goes on, the number after its last receipt. */
  readonly firstSeq: number;
};

export type DoorDeps = {
  readonly store: StagingStore;
  readonly cipher: Cipher;
  readonly now: () => Date;
  /** After the durable write, with the receipt that can now be transformed. Must not throw. */
  readonly onReceipt: (receipt: string, lane: Lane) => void;
  /** How long a commit is tried while MongoDB is away, ms. */
  readonly patienceMs?: number;
};

/** Counts of a door since it was opened, kept apart from those in the receipts: the ledger compares the two. */
export type DoorTally = Omit<ReceiptCounts, 'kept'>;

export type Door = {
  /**
   * Resolves when everything is durable, with one outcome per envelope in order; rejects if it is not known to be.
   * `rows` is the stretch of a file these envelopes are; they then get a receipt of their own.
   */
  accept(envelopes: readonly Envelope[], rows?: Receipt['rows']): Promise<DoorOutcome[]>;
  /** Counts what was turned away before it became an envelope; written with the next receipt. */
  refuse(reason: RefusalReason, times?: number): void;
  tally(): DoorTally;
  /** Writes what is still only counted, settles open receipts. No accept afterwards. */
  close(): Promise<void>;
};

type Waiting = {
  readonly drafts: Draft[];
  readonly rows: Receipt['rows'] | undefined;
  readonly resolve: (outcomes: DoorOutcome[]) => void;
  readonly reject: (error: unknown) => void;
};

/** Receipts are fed to the queue in the order of their ids as text: oldest first needs numbers of one width. */
const SEQ_DIGITS = 7;

/** A receipt left open by a crash, with the counts of what is in staging under it; its repeats are not known. */
export async function recount(
  store: Pick<StagingStore, 'countReceipt'>,
  receipt: Receipt,
): Promise<ClosedReceipt> {
  const { accepted, kept } = await store.countReceipt(receipt._id);
  const counts = { read: accepted + kept, accepted, repeated: 0, conflict: kept, refused: 0, kept };
  return { ...receipt, counts, state: 'closed', recovered: true };
}

/** Group commit: whatever arrives while one batch is being written is the next batch. No timer, no waiting for more. */
export function openDoor(options: DoorOptions, deps: DoorDeps): Door {
  const tally = { read: 0, accepted: 0, repeated: 0, conflict: 0, refused: 0 };
  const refusedBy = new Map<RefusalReason, number>();
  /** Receipts whose writing failed; with counts if it is known what became of their records. */
  const leftOpen = new Map<string, Receipt>();
  const closing = new Set<Promise<void>>();
  let seq = options.firstSeq;
  const queue: Waiting[] = [];
  let busy = false;
  let loop = Promise.resolve();

  function takeNext(): Waiting[] {
    const batch: Waiting[] = [];
    let size = 0;
    while (queue.length > 0) {
      const next = queue[0] as Waiting;
      if (batch.length > 0 && (next.rows || size + next.drafts.length > limit('receiptItems'))) break;
      batch.push(next);
      size += next.drafts.length;
      queue.shift();
      if (next.rows) break;
    }
    return batch;
  }

  async function settleLeftOpen(): Promise<void> {
    for (const receipt of leftOpen.values()) {
      const closed = receipt.counts ? receipt : await recount(deps.store, receipt);
      await steady(() => deps.store.closeReceipt({ ...closed, state: 'closed' }));
      leftOpen.delete(receipt._id);
      if (receipt.counts) continue; // its records were answered for and tallied when they were written
      for (const key of ['read', 'accepted', 'conflict'] as const) tally[key] += closed.counts?.[key] ?? 0;
    }
  }

  function takeRefused(): Pick<Receipt, 'refusedBy'> & { refused: number } {
    const refused = [...refusedBy.values()].reduce((a, b) => a + b, 0);
    const reasons = Object.fromEntries(refusedBy);
    refusedBy.clear();
    return refused > 0 ? { refused, refusedBy: reasons } : { refused };
  }

  /** Opens a receipt, writes, closes. On a lost connection all of it again: each part may be repeated. */
  async function commit(batch: readonly Waiting[]): Promise<DoorOutcome[]> {
    const now = deps.now();
    const { run, feed, source } = options;
    const _id = `${run}.${String(seq).padStart(SEQ_DIGITS, '0')}`;
    const day = now.toISOString().slice(0, 10);
    const rows = batch[0]?.rows;
    const open: Receipt = {
      _id,
      run,
      seq,
      feed,
      source,
      day,
      openedAt: now,
      state: 'open',
      ...(rows ? { rows } : {}),
    };
    const drafts = batch.flatMap((w) => w.drafts);
    seq += 1;
    const { outcomes, counts } = await steady(async () => {
      await deps.store.openReceipt(open);
      return writeBatch(drafts, { receipt: _id, day, receivedAt: now }, deps);
    }, deps.patienceMs).catch((error) => {
      leftOpen.set(_id, open);
      throw error;
    });
    const { refused, ...reasons } = takeRefused();
    const closed: ClosedReceipt = {
      ...open,
      ...reasons,
      state: 'closed',
      counts: { ...counts, read: counts.read + refused, refused },
    };
    // Not on the sender's way: the records are durable, and a crash before this is made good by counting them.
    const close = steady(() => deps.store.closeReceipt(closed), deps.patienceMs).catch(() => {
      leftOpen.set(_id, closed);
    });
    closing.add(close);
    void close.then(() => closing.delete(close));
    if (counts.accepted > 0) deps.onReceipt(_id, options.lane);
    return outcomes;
  }

  async function drain(): Promise<void> {
    busy = true;
    while (queue.length > 0) {
      const batch = takeNext();
      try {
        await settleLeftOpen();
        const outcomes = await commit(batch);
        let at = 0;
        for (const w of batch) {
          const mine = outcomes.slice(at, at + w.drafts.length);
          at += w.drafts.length;
          tally.read += mine.length;
          for (const o of mine) tally[o.outcome] += 1;
          w.resolve(mine);
        }
      } catch (error) {
        for (const w of batch) w.reject(error);
      }
    }
    busy = false;
  }

  function enqueue(drafts: Draft[], rows: Receipt['rows'] | undefined): Promise<DoorOutcome[]> {
    return new Promise((resolve, reject) => {
      queue.push({ drafts, rows, resolve, reject });
      if (!busy) loop = drain();
    });
  }

  return {
    async accept(envelopes, rows) {
      const { run, lane, route } = options;
      const drafts = envelopes.map((e) => draft(e, { run, lane, route }, deps.cipher));
      const parts: Promise<DoorOutcome[]>[] = [];
      for (let at = 0; at === 0 || at < drafts.length; at += limit('receiptItems'))
        parts.push(enqueue(drafts.slice(at, at + limit('receiptItems')), rows));
      return (await Promise.all(parts)).flat();
    },
    refuse(reason, times = 1) {
      tally.read += times;
      tally.refused += times;
      refusedBy.set(reason, (refusedBy.get(reason) ?? 0) + times);
    },
    tally: () => ({ ...tally }),
    async close() {
      while (busy) await loop;
      if (refusedBy.size > 0) await commit([]);
      await Promise.all(closing);
      await settleLeftOpen();
    },
  };
}
