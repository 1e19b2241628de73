import type { IndexDescription } from 'mongodb';
import type { Store } from './connect.js';
import { steady } from './steady.js';

type Index = {
  readonly collection: string;
  readonly key: IndexDescription['key'];
  readonly why: string;
  readonly partial?: object;
};

/**
 * Where records stay that a person looks at: conflict, discarded, failed and quarantined come before received and
 * transformed, so what passes through staging costs these indexes nothing. As a range, not a list: the planner can tell
 * that any of the four lies in it.
 */
const STANDS = { status: { $lt: 'received' } };

/** Every index of the product, each with the question it answers. Uniqueness lives only in `_id`. */
export const INDEXES: readonly Index[] = [
  {
    collection: 'staging',
    key: { status: 1, lane: 1, parked: 1, receipt: 1 },
    why: 'feeding the transform queue',
  },
  {
    collection: 'staging',
    key: { parked: 1, notBefore: 1 },
    why: 'records that wait for another try',
    partial: { parked: true },
  },
  { collection: 'staging', key: { receipt: 1, status: 1 }, why: 'the records of a transform job' },
  { collection: 'staging', key: { run: 1, feed: 1, day: 1, status: 1 }, why: 'ledger' },
  {
    collection: 'staging',
    key: { status: 1, receivedAt: -1, _id: -1, feed: 1, reason: 1, run: 1 },
    why: 'quarantine by page and its counts',
    partial: STANDS,
  },
  {
    collection: 'staging',
    key: { reference: 1 },
    why: 'quarantined records by quoted reference',
    partial: STANDS,
  },
  {
    collection: 'staging',
    key: { conflictsWith: 1 },
    why: 'other versions of a complaint',
    partial: { conflictsWith: { $exists: true } },
  },
  { collection: 'receipts', key: { run: 1, feed: 1, day: 1 }, why: 'ledger' },
  { collection: 'receipts', key: { state: 1 }, why: 'receipts left open by a crash' },
  {
    collection: 'complaints',
    key: { occurredAt: -1, _id: -1 },
    why: 'newest first, by page; trends by hour',
  },
  { collection: 'complaints', key: { 'effective.category': 1, occurredAt: -1, _id: -1 }, why: 'by category' },
  { collection: 'complaints', key: { negative: 1, occurredAt: -1, _id: -1 }, why: 'by negative' },
  { collection: 'complaints', key: { 'routing.team': 1, occurredAt: -1, _id: -1 }, why: 'by team' },
  { collection: 'complaints', key: { source: 1, occurredAt: -1, _id: -1 }, why: 'by source' },
  { collection: 'complaints', key: { words: 1, occurredAt: -1, _id: -1 }, why: 'search by words' },
  { collection: 'complaints', key: { sourceRef: 1 }, why: "by the sender's own number" },
  { collection: 'complaints', key: { reference: 1 }, why: 'by quoted reference' },
  { collection: 'complaints', key: { run: 1, feed: 1, day: 1 }, why: 'ledger' },
  { collection: 'predictions', key: { run: 1, feed: 1, day: 1 }, why: 'ledger' },
  { collection: 'predictions', key: { complaint: 1 }, why: 'a complaint with its whole way' },
  { collection: 'deliveries', key: { state: 1, dueAt: 1, destination: 1 }, why: 'destinations with work' },
  {
    collection: 'deliveries',
    key: { destination: 1, state: 1, priority: 1, createdAt: 1 },
    why: 'draining in order',
  },
  { collection: 'deliveries', key: { run: 1, feed: 1, day: 1, sink: 1, state: 1 }, why: 'ledger' },
  { collection: 'deliveries', key: { complaint: 1 }, why: 'a complaint with its whole way' },
  {
    collection: 'tickets',
    key: { team: 1, status: 1, createdAt: -1, _id: -1 },
    why: 'a team looks at its queue',
  },
  { collection: 'tickets', key: { createdAt: -1, _id: -1 }, why: 'all tickets, newest first' },
  { collection: 'tickets', key: { run: 1, feed: 1, day: 1 }, why: 'ledger' },
  { collection: 'outbox', key: { createdAt: -1, _id: -1 }, why: 'newest first' },
  { collection: 'outbox', key: { run: 1, feed: 1, day: 1 }, why: 'ledger' },
  { collection: 'runs', key: { startedAt: -1 }, why: 'newest first' },
  { collection: 'runs', key: { status: 1, aliveAt: 1 }, why: 'runs whose process is gone' },
  { collection: 'runs', key: { 'input.sha256': 1 }, why: 'imports of the same file' },
  { collection: 'trends', key: { stale: 1 }, why: 'hours to count again' },
  { collection: 'audit', key: { at: -1 }, why: 'newest first' },
];

/** Makes what is missing; an index that exists with the same key is left alone. */
export async function ensureIndexes(store: Store): Promise<void> {
  for (const collection of new Set(INDEXES.map((i) => i.collection))) {
    const specs = INDEXES.filter((i) => i.collection === collection).map(({ key, partial }) => ({
      key,
      ...(partial ? { partialFilterExpression: partial } : {}),
    }));
    await steady(() => store.db.collection(collection).createIndexes(specs));
  }
}
