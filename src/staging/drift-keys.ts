import type { Envelope } from '../complaint/envelope.js';
import { limit } from '../complaint/limits.js';
import { columnProfiler } from './drift-column.js';
import { compareProfiles, type Drift } from './drift-compare.js';
import type { Profile } from './drift-profile.js';
import { DRIFT } from './drift-thresholds.js';

export type KeyProfiler = {
  /** Complaints as a door was given them; other pieces are passed by. */
  envelopes(envelopes: readonly Envelope[]): void;
  finish(): Profile;
};

/** The door must not feel it: the first posts of a run are opened once more, then a part of them. */
const LOOKED_AT = 200;
const THEN_EVERY = 32;

/** The door has checked it; what is no object of strings all the same has no keys. */
function extraOf(raw: Buffer): readonly [string, string][] {
  try {
    const { extra } = JSON.parse(raw.toString()) as { extra?: Record<string, string> };
    return Object.entries(extra ?? {}).filter(([, value]) => typeof value === 'string');
  } catch {
    return [];
  }
}

/** What the keys of `extra` hold in the posts of one run; at most LIMITS.extraKeys of them, whatever is sent. */
export function createKeyProfiler(): KeyProfiler {
  const columns = new Map<string, ReturnType<typeof columnProfiler>>();
  let seen = 0;
  let rows = 0;
  return {
    envelopes(envelopes) {
      for (const { format, raw, reason } of envelopes) {
        if (format.kind !== 'json' || reason) continue;
        const look = seen < LOOKED_AT || seen % THEN_EVERY === 0;
        seen += 1;
        if (!look) continue;
        rows += 1;
        for (const [key, value] of extraOf(raw)) {
          if (!columns.has(key) && columns.size < limit('extraKeys')) columns.set(key, columnProfiler(key));
          columns.get(key)?.add(value.trim(), true);
        }
      }
    },
    finish: () => ({ rows, columns: [...columns.values()].map((c) => c.finish(rows)), duplicated: [] }),
  };
}

const share = ({ rows, filled }: Profile['columns'][number]): number => (rows === 0 ? 0 : filled / rows);
const byName = (profile: Profile) => new Map(profile.columns.map((c) => [c.name, c]));

/**
 * Like `compareProfiles`, but a key is no column: a post may leave it out. It is new once a share of the posts has it, and
 * missing if most had it and none has.
 */
export function compareKeys(before: Profile | undefined, now: Profile): Drift[] {
  if (!before) return [];
  const [was, is] = [byName(before), byName(now)];
  return compareProfiles(
    { ...before, columns: before.columns.filter((c) => is.has(c.name) || share(c) >= DRIFT.keyMissed) },
    { ...now, columns: now.columns.filter((c) => was.has(c.name) || share(c) >= DRIFT.keyNew) },
  );
}

/** What the next run is compared with: the keys of this one, and those of before that it could not be missed by. */
export function nextKeys(before: Profile | undefined, now: Profile): Profile {
  const known = before?.columns ?? [];
  const is = byName(now);
  const kept = known.filter((c) => !is.has(c.name) && share(c) < DRIFT.keyMissed);
  const columns = now.columns.filter((c) => known.some((k) => k.name === c.name) || share(c) >= DRIFT.keyNew);
  return { ...now, columns: [...columns, ...kept].slice(0, limit('extraKeys')) };
}
