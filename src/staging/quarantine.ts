import { limit } from '../complaint/limits.js';
import { QUARANTINE_REASONS, type QuarantineReason, replayable } from '../complaint/reasons.js';
import { referenceOf } from '../complaint/reference.js';
import type { Sealed } from './quarantine-store.js';
import { type Decision, QUARANTINE_STATUSES, type QuarantineStatus, type StagingRecord } from './record.js';
import type { StagingStore } from './store.js';

/** All given must hold. Without `status` and `ids`: what needs a person, that is quarantined and failed. */
export type QuarantineFilter = {
  /** At most LIMITS.decideIds. */
  readonly ids?: readonly string[];
  readonly feed?: string;
  readonly reason?: QuarantineReason;
  readonly run?: string;
  /** receivedAt, from included, to not. */
  readonly from?: Date;
  readonly to?: Date;
  readonly status?: QuarantineStatus;
};

/** Where a page or a batch begins; both go from the newest to the oldest. */
export type After = { readonly at: Date; readonly id: string };

/** What is done to records of each status. */
export const REPLAYED = ['quarantined', 'failed'] as const satisfies readonly QuarantineStatus[];
/** A conflict is one only where its status or its id is asked for. */
export const DISCARDED = ['quarantined', 'failed', 'conflict'] as const satisfies readonly QuarantineStatus[];

/** The statuses of `most` that the filter means. */
function statusesOf(filter: QuarantineFilter, most: readonly QuarantineStatus[]): QuarantineStatus[] {
  const { status, ids } = filter;
  const meant = status ? [status] : ids ? QUARANTINE_STATUSES : REPLAYED;
  return most.filter((s) => (meant as readonly string[]).includes(s));
}

/** The filter as the store takes it. */
export function matchOf(
  filter: QuarantineFilter,
  most: readonly QuarantineStatus[] = QUARANTINE_STATUSES,
  after?: After,
): object {
  const { ids, feed, reason, run, from, to } = filter;
  const given = Object.entries({ feed, reason, run }).filter(([, value]) => value !== undefined);
  return {
    status: { $in: statusesOf(filter, most) },
    ...Object.fromEntries(given),
    ...(ids ? { _id: { $in: [...ids] } } : {}),
    ...(from || to || after
      ? {
          // `after` stands here too, so that a page is begun where the one before ended and not looked for.
          receivedAt: {
            ...(from && { $gte: from }),
            ...(to && { $lt: to }),
            ...(after && { $lte: after.at }),
          },
        }
      : {}),
    ...(after
      ? { $or: [{ receivedAt: { $lt: after.at } }, { receivedAt: after.at, _id: { $lt: after.id } }] }
      : {}),
  };
}

const FIXES = {
  failed: `Working on it failed ${limit('transformAttempts')} times. Look at the log line \`transform_retry\` for the cause, then replay.`,
  conflict: 'Its id came before with other content. Accept it as a complaint of its own, or discard it.',
  discarded: 'Nothing: a person discarded it.',
} as const;

/** One record as people see it: where it came from and what to do, nothing of what it says. */
export type QuarantineItem = {
  readonly id: string;
  readonly reference: string;
  readonly feed: string;
  readonly source: StagingRecord['source'];
  readonly status: StagingRecord['status'];
  readonly reason?: QuarantineReason;
  /** Column or field and what is wrong with it. */
  readonly detail?: string;
  readonly whatToDo: string;
  readonly replayable: boolean;
  readonly position: StagingRecord['position'];
  readonly receivedAt: Date;
  readonly statusAt: Date;
  readonly attempts: number;
  readonly run: string;
  readonly rawHash: string;
  readonly decided?: Omit<Decision, 'operation'>;
  /** Of a conflict: the record under the id it came with. Its status alone is there if it is gone from staging. */
  readonly conflictsWith?: {
    readonly id: string;
    readonly reference: string;
    readonly status: StagingRecord['status'] | 'missing';
    readonly receivedAt?: Date;
    readonly position?: StagingRecord['position'];
    readonly rawHash?: string;
  };
};

export function itemOf(record: Sealed, other?: Sealed): QuarantineItem {
  const { _id, feed, source, status, reason, detail, position, receivedAt, statusAt, attempts, run } = record;
  const { rawHash, decided, conflictsWith } = record;
  const { operation: _, ...decision } = decided ?? { operation: '' };
  const open = (REPLAYED as readonly string[]).includes(status);
  const fix = status === 'quarantined' && reason ? QUARANTINE_REASONS[reason] : undefined;
  return {
    id: _id,
    reference: referenceOf(_id),
    feed,
    source,
    status,
    ...(reason ? { reason } : {}),
    ...(detail ? { detail } : {}),
    whatToDo: fix ?? FIXES[status as keyof typeof FIXES] ?? 'Nothing: it is not in quarantine.',
    replayable: open && (reason === undefined || replayable(reason)),
    position,
    receivedAt,
    statusAt,
    attempts,
    run,
    rawHash,
    ...(decided ? { decided: decision as Omit<Decision, 'operation'> } : {}),
    ...(conflictsWith ? { conflictsWith: otherOf(conflictsWith, other) } : {}),
  };
}

function otherOf(id: string, other: Sealed | undefined): NonNullable<QuarantineItem['conflictsWith']> {
  const reference = referenceOf(id);
  if (!other) return { id, reference, status: 'missing' };
  const { status, receivedAt, position, rawHash } = other;
  return { id, reference, status, receivedAt, position, rawHash };
}

type Finding = Pick<StagingStore, 'findSealed' | 'sealedByIds' | 'countBy'>;

/** Items with the record that each conflict disagrees with. */
export async function itemsOf(store: Finding, records: readonly Sealed[]): Promise<QuarantineItem[]> {
  const ids = records.flatMap((r) => (r.conflictsWith ? [r.conflictsWith] : []));
  const others = new Map((ids.length > 0 ? await store.sealedByIds(ids) : []).map((o) => [o._id, o]));
  return records.map((r) => itemOf(r, r.conflictsWith ? others.get(r.conflictsWith) : undefined));
}

/** One page, newest first, and where the next begins. */
export async function findQuarantined(
  store: Finding,
  filter: QuarantineFilter,
  page: { readonly limit: number; readonly after?: After | undefined },
): Promise<{ items: QuarantineItem[]; next?: After }> {
  const rows = await store.findSealed(matchOf(filter, QUARANTINE_STATUSES, page.after), page.limit + 1);
  const records = rows.slice(0, page.limit);
  const last = records.at(-1);
  const items = await itemsOf(store, records);
  return rows.length > page.limit && last
    ? { items, next: { at: last.receivedAt, id: last._id } }
    : { items };
}

/** Numbers of what a filter finds; a failed record or a conflict counts under its status, the others by reason. */
export type QuarantineCounts = {
  readonly total: number;
  readonly byReason: Readonly<Record<string, number>>;
  readonly byFeed: Readonly<Record<string, number>>;
};

export async function countQuarantined(store: Finding, match: object): Promise<QuarantineCounts> {
  const byReason: Record<string, number> = {};
  const byFeed: Record<string, number> = {};
  let total = 0;
  const rows = await store.countBy(match);
  for (const { _id, n } of rows.sort((a, b) => b.n - a.n)) {
    const named = _id.status === 'quarantined' || _id.status === 'discarded';
    const key = (named && _id.reason) || _id.status;
    byReason[key] = (byReason[key] ?? 0) + n;
    byFeed[_id.feed] = (byFeed[_id.feed] ?? 0) + n;
    total += n;
  }
  return { total, byReason, byFeed };
}
