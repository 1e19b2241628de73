import type { Core } from '../core.js';
import { type Working, workingNow } from '../operations/working.js';
import { countQuarantined, matchOf, type QuarantineFilter, REPLAYED } from '../staging/quarantine.js';
import { fingerprintOf, fingerprintsOf } from './settings.js';

/** A process that works by older settings of a feed than config/sources.yaml has now. */
export type Outdated = {
  readonly feed: string;
  readonly pid: number;
  readonly since: Date;
  /** Hashes of the settings. */
  readonly works: string;
  readonly file: string;
};

/**
 * Processes that would work on what a filter finds by other settings than sources.yaml has now. A replay is of no use
 * then: what was corrected is not in effect before they are started again. Throws RedressError for a wrong file.
 */
export async function outdatedFor(
  filter: QuarantineFilter,
  core: Pick<Core, 'staging' | 'operations' | 'config' | 'feedsNow'>,
): Promise<Outdated[]> {
  const { byFeed } = await countQuarantined(core.staging, matchOf(filter, REPLAYED));
  const feeds = Object.keys(byFeed);
  const now = fingerprintsOf({ config: core.config, feeds: core.feedsNow() });
  const differs = ({ owner, since, ...settings }: Working): Outdated[] =>
    feeds
      .map((feed) => ({ feed, works: fingerprintOf(settings, feed), file: fingerprintOf(now, feed) }))
      .filter(({ works, file }) => works !== file)
      .map((found) => ({ ...found, pid: owner.pid, since }));
  return (await workingNow(core.operations)).flatMap(differs);
}

/** One sentence a process and feed; names both settings by their hash. */
export const outdatedWords = (found: readonly Outdated[]): string =>
  found
    .map(
      ({ feed, pid, since, works, file }) =>
        `Process ${pid}, started ${since.toISOString()}, works by its settings of feed ${feed} of then (${works}); config/sources.yaml now has others (${file}).`,
    )
    .join(' ');

export const OUTDATED_FIX = 'Start the service again, then replay: until then nothing is sent to it.';
