import type { CountryCode } from 'libphonenumber-js/max';
import type { Envelope } from '../../complaint/envelope.js';
import type { QuarantineReason } from '../../complaint/reasons.js';
import type { AlignedV1 } from '../../complaint/aligned.js';
import { STAGING_VERSION, type StagingRecord } from '../../staging/record.js';
import { alignCsv, type CsvFeed } from '../align/csv.js';
import { alignRest } from '../align/rest.js';
import type { Aligned, Opened } from '../items.js';
import type { Step } from '../step.js';
import type { FeedPolicy } from './route.js';

/** What the transform needs of a feed's settings. */
export type TransformFeed = FeedPolicy &
  CsvFeed & {
    readonly region: CountryCode;
    /** IANA zone of its customers' clocks. */
    readonly zone: string;
    /** Names and handles of our operator, lower case. */
    readonly own: readonly string[];
  };
export type FeedOf = (feed: string) => TransformFeed;

export type AlignResult =
  | { readonly ok: AlignedV1 }
  | { readonly quarantine: QuarantineReason; readonly detail: string };

/** Clocks differ; what lies further ahead of its arrival than this was misread. */
const AHEAD_MS = 86_400_000;

function alignOne(record: StagingRecord, bytes: Buffer, feed: TransformFeed): AlignResult {
  const format: Envelope['format'] = record.format;
  const result =
    format.kind === 'json'
      ? alignRest(bytes, record.receivedAt)
      : alignCsv(bytes, format, record.receivedAt, feed);
  if ('ok' in result && result.ok.occurredAt.getTime() > record.receivedAt.getTime() + AHEAD_MS)
    return { quarantine: 'bad_date', detail: 'occurredAt is more than a day ahead of receivedAt' };
  return result;
}

/**
 * Adds the record in the common shape of this program (ALIGNED_VERSION), read from its raw piece by the feed's settings
 * of today: after a mapping is corrected, or under a later schema, a replay reads it anew. Raw pieces of every older
 * version are read; one that a newer program staged waits for it. Details name columns and fields, never what stands
 * in them.
 */
export function align(feedOf: FeedOf): Step<Opened, Aligned> {
  return function align(items) {
    return items.map((item) => {
      if ((item.record.v ?? 0) > STAGING_VERSION) return { retry: 'staged_by_a_newer_version' };
      const feed = feedOf(item.record.feed);
      const result = alignOne(item.record, item.bytes, feed);
      return 'ok' in result
        ? { ok: { ...item, aligned: result.ok, region: feed.region, zone: feed.zone, own: feed.own } }
        : result;
    });
  };
}
