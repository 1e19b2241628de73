import type { Store } from '../store/connect.js';
import { compareProfiles, type Drift } from './drift-compare.js';
import { compareKeys, nextKeys } from './drift-keys.js';
import type { Profile } from './drift-profile.js';
import { driftStore } from './drift-store.js';
import { DRIFT } from './drift-thresholds.js';

export { compareProfiles, type Drift, DRIFT_KINDS, type DriftKind } from './drift-compare.js';
export { createKeyProfiler, type KeyProfiler } from './drift-keys.js';
export { createProfiler, type Profile, type Profiler, profileOf } from './drift-profile.js';

/**
 * What the next run is compared with: the columns of this one, but where it has too few cells to tell anything, what
 * was known before. Pure.
 */
export function nextProfile(before: Profile | undefined, now: Profile): Profile {
  if (!before) return now;
  const known = new Map(before.columns.map((c) => [c.name, c]));
  const columns = now.columns.map((column) => {
    const old = known.get(column.name);
    return old && column.filled < DRIFT.leastCells && old.filled >= DRIFT.leastCells ? old : column;
  });
  return { ...now, columns };
}

type Report = {
  readonly store: Pick<Store, 'collection'>;
  readonly feed: string;
  readonly run: string;
  readonly profile: Profile;
};

/**
 * Compares a run with the one before it of the same feed, remembers what it looks like, and returns the findings. To be
 * called once the rows are durable, and not for a run that failed; the same run again gives the same findings. A
 * finding is told once: what is different is then what the feed looks like. An empty run tells and changes nothing.
 */
export const reportDrift = ({ feed, ...look }: Report): Promise<Drift[]> =>
  report(feed, look, { compare: compareProfiles, next: nextProfile });

/** The same of the keys that are posted to a feed, for a door's run; one of few posts tells and changes nothing. */
export const reportKeyDrift = async ({ feed, ...look }: Report): Promise<Drift[]> =>
  look.profile.rows < DRIFT.leastCells
    ? []
    : report(`posts:${feed}`, look, { compare: compareKeys, next: nextKeys });

async function report(
  _id: string,
  { store, run, profile }: Omit<Report, 'feed'>,
  by: { readonly compare: typeof compareProfiles; readonly next: typeof nextProfile },
): Promise<Drift[]> {
  if (profile.rows === 0) return [];
  const looks = driftStore(store);
  const last = await looks.look(_id);
  const before = last?.run === run ? last.before : last?.profile;
  await looks.putLook({ _id, run, profile: by.next(before, profile), ...(before ? { before } : {}) });
  return by.compare(before, profile);
}
