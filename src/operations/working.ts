import { thisProcess } from './owner.js';
import type { Owner } from './run.js';
import { SILENT_MS } from './runs.js';
import type { OperationsStore } from './store.js';

/** A process that works on records, and by which settings of its feeds: those of its start. */
export type Working = {
  /** `works:` and who it is. */
  readonly _id: string;
  readonly owner: Owner;
  readonly since: Date;
  /** By the database's clock. */
  readonly aliveAt: Date;
  /** Hash of what it does with the records of each feed, and of all others. */
  readonly feeds: Readonly<Record<string, string>>;
  readonly others: string;
};

const ALIVE_EVERY_MS = 5_000;

type Deps = { readonly store: Pick<OperationsStore, 'putWorking' | 'endWorking'>; readonly now: () => Date };

/** Says that this process works by these settings, until it is closed or gives no more sign of life. */
export async function announceWorking(
  settings: Pick<Working, 'feeds' | 'others'>,
  { store, now }: Deps,
): Promise<{ close(): Promise<void> }> {
  const owner = thisProcess();
  const working = { _id: `works:${owner.place}:${owner.pid}`, owner, since: now(), ...settings };
  await store.putWorking(working);
  const beat = setInterval(() => {
    store.putWorking(working).catch(() => {}); // silent until the store is back
  }, ALIVE_EVERY_MS);
  beat.unref();
  return {
    async close() {
      clearInterval(beat);
      await store.endWorking(working._id).catch(() => {}); // it is found silent instead
    },
  };
}

/** Processes that work on records now; of another machine, those that were heard of in the last half minute. */
export const workingNow = (store: Pick<OperationsStore, 'working'>): Promise<Working[]> =>
  store.working(SILENT_MS);
