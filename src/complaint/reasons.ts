/** The closed list of reason codes, each with what to do about it. Shown by the API, the CLI and docs. */
export const QUARANTINE_REASONS = {
  no_text:
    'The record has no complaint text. Map the right column to `text` in config/sources.yaml, then replay.',
  too_large:
    'The raw piece is over 256 KiB; only its beginning is kept. Ask the sender to split it, or discard.',
  bad_date:
    'A date did not fit the format the feed declares. Correct `dates` of the feed in config/sources.yaml, then replay.',
  bad_encoding:
    'The bytes are not valid in the encoding the feed declares. Correct `encoding` of the feed, then replay.',
  bad_row:
    'The row has more cells than the header, or a quote that is never closed. Look at its raw bytes; correct the file or the delimiter and import it again.',
  schema_mismatch:
    'A mapped field does not fit the aligned schema. Look at the field named, correct the mapping, then replay.',
  unreadable:
    'The stored raw piece could not be opened (key missing or bytes damaged). Put the key version back, then replay.',
  poison:
    'Working on this record ended its worker three times. Report it with its id; replay after an upgrade.',
} as const;
export type QuarantineReason = keyof typeof QUARANTINE_REASONS;

/** Reasons whose stored raw piece is cut: nothing that is corrected can make it whole again. */
export const NOT_REPLAYABLE: readonly QuarantineReason[] = ['too_large'];
/** Whether a record with this reason can go through the transform again. */
export const replayable = (reason: QuarantineReason): boolean => !NOT_REPLAYABLE.includes(reason);

/** Why a door said no; nothing of a refused piece is stored, only counted. */
export const REFUSAL_REASONS = {
  invalid: 'The body does not fit the schema; the answer names each field.',
  malformed: 'The body is not valid JSON, NDJSON or UTF-8.',
  too_large: 'The body is over the limit of the route.',
  too_many: 'The batch has more items than allowed.',
  unknown_feed: 'The feed named is not in config/sources.yaml.',
  wrong_type: 'The content type is not one the route reads.',
} as const;
export type RefusalReason = keyof typeof REFUSAL_REASONS;
