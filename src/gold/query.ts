import type { Complaint } from '../complaint/gold.js';
import { limit } from '../complaint/limits.js';
import { parseReference } from '../complaint/reference.js';
import type { GoldStore } from './store.js';
import { stems } from './words.js';

/** All given must hold. Labels are the effective ones. */
export type ComplaintQuery = {
  readonly category?: string;
  readonly sentiment?: string;
  readonly urgency?: string;
  readonly negative?: boolean;
  readonly source?: string;
  readonly feed?: string;
  readonly team?: string;
  readonly state?: string;
  readonly customer?: string;
  readonly sourceRef?: string;
  /** Complaints that hold every one of these words, in any form and with or without accents. */
  readonly words?: string;
  /** occurredAt, from included, to not. */
  readonly from?: Date;
  readonly to?: Date;
  readonly cursor?: Cursor;
  readonly limit: number;
};

/** Where the next page begins; pages are newest first. */
export type Cursor = { readonly at: Date; readonly id: string };

export const encodeCursor = ({ at, id }: Cursor): string =>
  Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');

/** Undefined if it is not one of ours. */
export function decodeCursor(text: string): Cursor | undefined {
  try {
    const [time, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [unknown, unknown];
    const at = new Date(time as number);
    return typeof id === 'string' && typeof time === 'number' && !Number.isNaN(at.getTime())
      ? { at, id }
      : undefined;
  } catch {
    return undefined;
  }
}

function filterOf(query: ComplaintQuery): object {
  const { from, to, words, cursor } = query;
  const equal = {
    'effective.category': query.category,
    'effective.sentiment': query.sentiment,
    'effective.urgency': query.urgency,
    negative: query.negative,
    source: query.source,
    feed: query.feed,
    'routing.team': query.team,
    'routing.state': query.state,
    customer: query.customer,
    sourceRef: query.sourceRef,
  };
  const given = Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined));
  const range = { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) };
  const page = cursor
    ? { $or: [{ occurredAt: { $lt: cursor.at } }, { occurredAt: cursor.at, _id: { $lt: cursor.id } }] }
    : {};
  return {
    ...given,
    ...(words === undefined ? {} : { words: { $all: stems(words, limit('searchWords')) } }),
    ...(from || to ? { occurredAt: range } : {}),
    ...page,
  };
}

/** One page, newest first, and where the next begins. */
export async function findComplaints(
  store: GoldStore,
  query: ComplaintQuery,
): Promise<{ items: Complaint[]; next?: Cursor }> {
  const rows = await store.find(filterOf(query), query.limit + 1);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return rows.length > query.limit && last
    ? { items, next: { at: last.occurredAt, id: last._id } }
    : { items };
}

/** By id, or by the reference as a person typed it. */
export async function findComplaint(store: GoldStore, idOrReference: string): Promise<Complaint | null> {
  const reference = parseReference(idOrReference);
  if (reference === undefined) return store.get(idOrReference);
  return (await store.byReference(reference))[0] ?? null;
}
