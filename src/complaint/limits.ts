/** Every limit of the product in one place; docs/limits.md is checked against this list by a test. */
export const LIMITS = {
  rawBytes: {
    value: 256 * 1024,
    unit: 'bytes',
    why: 'largest raw piece staged; larger is quarantined as too_large',
  },
  rowBytes: {
    value: 1024 * 1024,
    unit: 'bytes',
    why: 'a row of a file is looked for no further than this; then its quote counts as never closed',
  },
  quotedLines: {
    value: 1_000,
    unit: 'lines',
    why: 'lines of one quoted cell; then its quote counts as never closed',
  },
  unpackedBytes: {
    value: 8 * 1024 * 1024 * 1024,
    unit: 'bytes',
    why: 'a gz or zip file unpacked; larger is refused',
  },
  unpackRatio: {
    value: 200,
    unit: 'times',
    why: 'a gz or zip file unpacked to packed, past its first 16 MiB; more is refused as a bomb',
  },
  spreadsheetBytes: { value: 16 * 1024 * 1024, unit: 'bytes', why: 'an xlsx file, which is read as a whole' },
  spreadsheetUnpackedBytes: { value: 96 * 1024 * 1024, unit: 'bytes', why: 'an xlsx file unpacked' },
  lateHours: {
    value: 24,
    unit: 'hours',
    why: 'a file of a drop folder is looked at again after it was read: one that was written to is put back',
  },
  textChars: { value: 20_000, unit: 'characters', why: 'longest complaint text' },
  idChars: { value: 256, unit: 'characters', why: "longest sender's id or Idempotency-Key" },
  fieldChars: { value: 1_024, unit: 'characters', why: 'longest other string field' },
  extraKeys: { value: 100, unit: 'keys', why: 'unmapped columns kept per record' },
  mediaLinks: { value: 20, unit: 'links', why: 'media links kept per record' },
  classifyChars: {
    value: 200_000,
    unit: 'characters',
    why: 'texts of one POST /v1/classify together: some seconds of work for the model',
  },
  classifyWaiting: {
    value: 1_024,
    unit: 'texts',
    why: 'waiting to be labelled without being stored; then POST /v1/classify answers busy',
  },
  batchItems: { value: 1_000, unit: 'items', why: 'items in one POST /v1/complaints/batch' },
  batchBytes: { value: 5 * 1024 * 1024, unit: 'bytes', why: 'body of one batch post' },
  streamIdle: { value: 60, unit: 'seconds', why: "silence of a stream's sender after which it is ended" },
  streamRatio: { value: 200, unit: 'times', why: 'what a gzip stream may unpack to; more is a bomb' },
  streamBatches: {
    value: 2,
    unit: 'batches',
    why: 'of one stream on their way into staging; reading pauses',
  },
  postBytes: { value: 256 * 1024, unit: 'bytes', why: 'body of one single post' },
  receiptItems: { value: 256, unit: 'records', why: 'records of one receipt and one transform job' },
  queueWindow: { value: 64, unit: 'jobs', why: 'transform jobs waiting in Redis per lane' },
  pageItems: { value: 200, unit: 'items', why: 'largest page of a list' },
  decideIds: { value: 1_000, unit: 'ids', why: 'ids named in one replay or discard' },
  decideItems: {
    value: 10_000,
    unit: 'records',
    why: 'records changed by one request to replay or discard; its answer leads on',
  },
  searchWords: { value: 8, unit: 'words', why: 'words in one search' },
  storedWords: { value: 200, unit: 'stems', why: 'search stems kept per complaint' },
  poisonAttempts: { value: 3, unit: 'attempts', why: 'crashes before a record is quarantined as poison' },
  transformAttempts: { value: 8, unit: 'attempts', why: 'failed tries before a record is marked failed' },
  deliveryAttempts: { value: 12, unit: 'attempts', why: 'failed tries before a delivery is dead' },
} as const;

export const limit = (name: keyof typeof LIMITS): number => LIMITS[name].value;
