import { createHash } from 'node:crypto';
import { Binary } from 'mongodb';
import type { Envelope } from '../complaint/envelope.js';
import { complaintId, contentHash, hashParts, base32 } from '../complaint/ids.js';
import { referenceOf } from '../complaint/reference.js';
import type { Cipher } from '../governance/cipher.js';
import { type DoorOutcome, type ReceiptCounts, STAGING_VERSION, type StagingRecord } from './record.js';
import type { StagingStore } from './store.js';

/** What is the same for every record of one run. */
export type RunPart = Pick<StagingRecord, 'run' | 'lane' | 'route'>;
/** What a record gets when it is written. */
export type Stamp = Pick<StagingRecord, 'receipt' | 'day' | 'receivedAt'>;

/** A record ready to be written; made once, as a post without an id gets a random one. */
export type Draft = {
  readonly record: Omit<StagingRecord, keyof Stamp | 'statusAt' | 'notBefore'>;
  readonly envelope: Envelope;
};

export function draft(envelope: Envelope, part: RunPart, cipher: Cipher): Draft {
  const _id = complaintId(envelope);
  const { feed, source, format, position, reason, raw } = envelope;
  const record: Draft['record'] = {
    _id,
    v: STAGING_VERSION,
    reference: referenceOf(_id),
    feed,
    source,
    ...part,
    contentHash: contentHash(envelope),
    rawHash: createHash('sha256').update(raw).digest('hex'),
    raw: new Binary(cipher.seal(raw, _id)),
    format,
    position,
    status: reason ? 'quarantined' : 'received',
    ...(reason ? { reason: reason.code, detail: reason.detail } : {}),
    attempts: 0,
    unfinished: 0,
    parked: false,
  };
  return { record, envelope };
}

/**
 * A disagreeing version under an id of its own, which is the same when it comes again. A reason stays with it: what is
 * cut must not be accepted later.
 */
function asConflict({ record, envelope }: Draft, cipher: Cipher): Draft['record'] {
  const _id = `${record._id}-${base32(hashParts([record.contentHash]).subarray(0, 5))}`;
  const raw = new Binary(cipher.seal(envelope.raw, _id));
  const reference = referenceOf(_id);
  return { ...record, _id, reference, raw, status: 'conflict', conflictsWith: record._id };
}

/**
 * Writes one batch of drafts (at most LIMITS.receiptItems) and says of each what became of it, in order. When it
 * returns, everything accepted is durable. It may be run again with the same drafts after a failed connection: what the
 * first try wrote carries this receipt and counts as accepted, not as repeated.
 */
export async function writeBatch(
  drafts: readonly Draft[],
  stamp: Stamp,
  deps: { store: Pick<StagingStore, 'insert' | 'existing'>; cipher: Cipher },
): Promise<{ outcomes: DoorOutcome[]; counts: ReceiptCounts }> {
  const stamped = (record: Draft['record']): StagingRecord => ({
    ...record,
    ...stamp,
    statusAt: stamp.receivedAt,
    notBefore: stamp.receivedAt,
  });
  const first = new Map<string, Draft>();
  for (const d of drafts) if (!first.has(d.record._id)) first.set(d.record._id, d);

  const there = await deps.store.insert([...first.values()].map((d) => stamped(d.record)));
  const existing = new Map(
    (there.size > 0 ? await deps.store.existing([...there]) : []).map((e) => [e._id, e]),
  );

  const lost = [...there].find((id) => !existing.has(id));
  if (lost !== undefined) throw new Error(`staging: ${lost} vanished between insert and look-up`);

  const conflicts: Draft['record'][] = [];
  const seen = new Set<string>();
  const outcomes = drafts.map((d): DoorOutcome => {
    const { _id, contentHash } = d.record;
    const before = existing.get(_id);
    const ours = before === undefined || before.receipt === stamp.receipt;
    const answer = { id: _id, reference: referenceOf(_id) };
    const known = ours ? (first.get(_id) as Draft).record.contentHash : before.contentHash;
    if (ours && !seen.has(_id)) {
      seen.add(_id);
      return { outcome: 'accepted', ...answer };
    }
    if (known === contentHash) return { outcome: 'repeated', ...answer };
    conflicts.push(asConflict(d, deps.cipher));
    return { outcome: 'conflict', ...answer };
  });

  const distinct = [...new Map(conflicts.map((c) => [c._id, c])).values()];
  const known = await deps.store.insert(distinct.map(stamped));
  const earlier = known.size > 0 ? await deps.store.existing([...known]) : [];
  const elsewhere = earlier.filter((e) => e.receipt !== stamp.receipt).length;
  const count = (o: DoorOutcome['outcome']) => outcomes.filter((x) => x.outcome === o).length;
  return {
    outcomes,
    counts: {
      read: drafts.length,
      accepted: count('accepted'),
      repeated: count('repeated'),
      conflict: count('conflict'),
      refused: 0,
      kept: distinct.length - elsewhere,
    },
  };
}
