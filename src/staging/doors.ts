import type { Source } from '../complaint/aligned.js';
import type { Envelope } from '../complaint/envelope.js';
import type { RefusalReason } from '../complaint/reasons.js';
import type { Run } from '../operations/run.js';
import type { Runs } from '../operations/runs.js';
import { type Door, type DoorDeps, openDoor } from './door.js';
import { createKeyProfiler, type Drift, type KeyProfiler, type Profile } from './drift.js';
import type { DoorOutcome, Lane } from './record.js';

export type DoorFeed = { readonly name: string; readonly source: Source; readonly lane: Lane };

/** The doors of the live feeds: one a feed and UTC day, opened when the first record comes. */
export type Doors = {
  /** See `Door.accept`. */
  accept(feed: DoorFeed, envelopes: readonly Envelope[]): Promise<DoorOutcome[]>;
  /** See `Door.refuse`. */
  refuse(feed: DoorFeed, reason: RefusalReason, times?: number): Promise<void>;
  close(): Promise<void>;
};

type Open = {
  readonly day: string;
  readonly run: Run;
  readonly door: Door;
  readonly profiler: KeyProfiler;
};

export type DoorsDeps = DoorDeps & {
  readonly runs: Runs;
  /** How the keys of a run differ from those of the run before it; remembers them. */
  readonly drift: (look: { feed: string; run: string; profile: Profile }) => Promise<Drift[]>;
};

export function openDoors(deps: DoorsDeps): Doors {
  const open = new Map<string, Promise<Open>>();

  async function begin(feed: DoorFeed, day: string): Promise<Open> {
    const run = await deps.runs.start({
      kind: 'door',
      name: `${feed.name} ${day}`,
      feed: feed.name,
      trigger: 'api',
    });
    const options = {
      run: run._id,
      feed: feed.name,
      source: feed.source,
      lane: feed.lane,
      route: 'auto' as const,
    };
    return { day, run, door: openDoor({ ...options, firstSeq: 0 }, deps), profiler: createKeyProfiler() };
  }

  async function end({ run, door, profiler }: Open): Promise<void> {
    await door.close();
    // A door is not kept from its end by what is only good to know.
    const look = { feed: run.feed, run: run._id, profile: profiler.finish() };
    const drift = await deps.drift(look).catch(() => []);
    const verdict = drift.length > 0 ? { status: 'partial' as const, cause: 'drift', drift } : undefined;
    await deps.runs.end(run, { ...(verdict ?? { status: 'success' }), counts: door.tally() });
  }

  async function doorOf(feed: DoorFeed): Promise<Open> {
    const day = deps.now().toISOString().slice(0, 10);
    const key = `${feed.name}/${feed.lane}`;
    const current = open.get(key);
    if (current && (await current.catch(() => undefined))?.day === day) return await current;
    // Another request may have opened today's door while this one waited.
    const latest = open.get(key);
    if (latest !== undefined && latest !== current) return await latest;
    const next = begin(feed, day);
    open.set(key, next);
    next.catch(() => {
      // Yesterday's door stays, so that it is tried again and its run is ended in the end.
      if (open.get(key) !== next) return;
      if (current !== undefined) open.set(key, current);
      else open.delete(key);
    });
    const started = await next;
    const before = await current?.catch(() => undefined);
    if (before) await end(before);
    return started;
  }

  return {
    async accept(feed, envelopes) {
      const { door, profiler } = await doorOf(feed);
      const accepted = door.accept(envelopes);
      profiler.envelopes(envelopes); // while they are written
      return accepted;
    },
    refuse: async (feed, reason, times) => (await doorOf(feed)).door.refuse(reason, times),
    async close() {
      const doors = await Promise.allSettled(open.values());
      open.clear();
      for (const d of doors) if (d.status === 'fulfilled') await end(d.value);
    },
  };
}
