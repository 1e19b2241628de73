import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '../src/core.js';
import { errorFields } from '../src/log.js';
import { thisProcess } from '../src/operations/owner.js';
import type { Consumer } from '../src/queue/queues.js';
import { type DropFolder, dropFolder, giveUpStrays } from '../src/sources/call-log/inbox-round.js';
import type { InboxDeps } from '../src/sources/call-log/inbox-take.js';

/** A holder that gives no sign of life for so long has lost the drop folders; one whose process is gone, at once. */
const LEASE_MS = 30_000;
const RENEW_MS = 5_000;
/** Longest work on what one look found ready, before the folders are looked at again. */
const TURN_MS = 30_000;

export type InboxOptions = Omit<InboxDeps, 'signal' | 'core'> & {
  readonly core: InboxDeps['core'] & Pick<Core, 'operations'>;
  /** Whether files may be taken now: not while the disk is full. */
  readonly mayTake: () => boolean;
  readonly clock?: () => number;
};

/**
 * Takes files from the drop folders of all feeds that have one, one at a time, in turn, as long as this process holds the
 * lease. A loop of its own: a file may take an hour, and neither the tick nor a job should.
 */
export function startInbox(options: InboxOptions): Consumer {
  const { core, mayTake, clock = () => performance.now() } = options;
  const { scanEvery } = core.config.inbox;
  const feeds = [...core.feeds.values()].filter((f) => f.inbox !== undefined);
  const holder = randomUUID();
  const me = thisProcess();
  const closing = new AbortController();
  const takeLease = () => core.operations.lease('inbox', holder, me, LEASE_MS);

  const failed = (feed: string, error: unknown) => {
    if (!closing.signal.aborted) core.log('warn', 'inbox_failed', { feed, ...errorFields(error) });
  };

  /** While the lease lasts; ends with the signal, or with the lease. */
  async function hold(): Promise<void> {
    const lost = new AbortController();
    const signal = AbortSignal.any([closing.signal, lost.signal]);
    let heldUntil = performance.now() + LEASE_MS;
    const beat = setInterval(() => {
      void takeLease().then(
        (ours) => {
          if (ours) heldUntil = performance.now() + LEASE_MS;
          else lost.abort();
        },
        () => {
          if (performance.now() > heldUntil) lost.abort();
        },
      );
    }, RENEW_MS);
    const folders = feeds.map((feed) => dropFolder(feed, { ...options, signal, clock }));
    try {
      while (!signal.aborted) {
        const worked = mayTake() && (await round(folders, signal));
        if (!worked) await sleep(scanEvery, undefined, { signal }).catch(() => {});
      }
    } finally {
      clearInterval(beat);
    }
  }

  /** True if something was taken: then there may be more. */
  async function round(folders: readonly DropFolder[], signal: AbortSignal): Promise<boolean> {
    const until = performance.now() + TURN_MS;
    const queues = await Promise.all(
      folders.map(async (folder) => {
        try {
          await folder.goOn();
          return { folder, ready: [...(await folder.look())] };
        } catch (error) {
          failed(folder.feed, error);
          return { folder, ready: [] };
        }
      }),
    );
    let worked = false;
    while (queues.some((q) => q.ready.length > 0)) {
      for (const { folder, ready } of queues) {
        if (signal.aborted || !mayTake() || performance.now() > until) return worked;
        const file = ready.shift();
        if (!file) continue;
        try {
          worked = (await folder.take(file)) || worked;
        } catch (error) {
          failed(folder.feed, error);
          ready.length = 0; // what is in processing/ comes first
        }
      }
    }
    return worked;
  }

  async function loop(): Promise<void> {
    const served = new Set(feeds.map((f) => f.name));
    await giveUpStrays(options, async (run) => !served.has(run.feed)).catch((error) => failed('', error));
    if (feeds.length === 0) return;
    while (!closing.signal.aborted) {
      const ours = await takeLease().catch((error: unknown) => {
        failed('', error);
        return false;
      });
      if (ours) await hold();
      else await sleep(scanEvery, undefined, { signal: closing.signal }).catch(() => {});
    }
    await core.operations.giveLease('inbox', holder).catch(() => {}); // it ends by itself
  }

  const looping = loop();
  return {
    async close() {
      closing.abort();
      await looping;
    },
  };
}
