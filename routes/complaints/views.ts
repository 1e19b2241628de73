import type { z } from 'zod';
import type { Complaint } from '../../src/complaint/gold.js';
import { QUARANTINE_REASONS } from '../../src/complaint/reasons.js';
import { referenceOf } from '../../src/complaint/reference.js';
import type { Service } from '../../src/service.js';
import type { StagingRecord } from '../../src/staging/record.js';
import { selfLink } from './door.js';
import type { ComplaintItem, StagedRecord, WholeComplaint } from './schemas.js';

/** Response schemas pass on what they describe and nothing else, so views may hand over whole documents. */
export function itemView(service: Service, complaint: Complaint): z.infer<typeof ComplaintItem> {
  const { _id, effective, review, ...rest } = complaint;
  return {
    ...rest,
    id: _id,
    labels: effective,
    review: [...review],
    links: { self: selfLink(service, _id) },
  };
}

type Way = z.infer<typeof WholeComplaint>['way'];

/** Reads everything that is known of a complaint's way. */
export async function wholeView(
  service: Service,
  complaint: Complaint,
): Promise<z.infer<typeof WholeComplaint>> {
  const id = complaint._id;
  const [predictions, deliveries, ticket, conflicts] = await Promise.all([
    service.gold.predictionsOf(id),
    service.deliveries.of(id),
    service.sinks.ticket(id),
    service.staging.conflictsOf(id),
  ]);
  const { position, rawHash, receipt, alignedVersion, pipelineVersion, software } = complaint.lineage;
  const { evidence, ...prediction } = complaint.prediction;
  const way: Way = {
    position,
    rawHash,
    run: complaint.run,
    receipt,
    versions: { aligned: alignedVersion, pipeline: pipelineVersion, software },
    prediction: { ...prediction, evidence: [...evidence] },
    predictions,
    routing: complaint.routing,
    deliveries: deliveries.map(({ _id, ...d }) => ({ id: _id, ...d })),
    ...(ticket ? { ticket: { id: ticket._id, ...ticket } } : {}),
    conflicts: conflicts.map(conflictView),
  };
  return { ...itemView(service, complaint), state: 'transformed', way };
}

const conflictView = ({ _id, receivedAt, rawHash, position }: Omit<StagingRecord, 'raw'>) => ({
  id: _id,
  receivedAt,
  rawHash,
  position,
});

/** A record of staging, without anything of what it says. */
export async function stagedView(
  service: Service,
  record: StagingRecord,
): Promise<z.infer<typeof StagedRecord>> {
  const { _id, feed, source, receivedAt, status, reason, detail, conflictsWith, rawHash, position } = record;
  const code = status === 'quarantined' ? reason : undefined;
  return {
    id: _id,
    // Until it is accepted, a conflict goes by what its sender was told.
    reference: referenceOf(status === 'conflict' ? (conflictsWith ?? _id) : _id),
    feed,
    source,
    receivedAt,
    state: status === 'transformed' ? 'missing' : status,
    ...(code ? { reason: { code, fix: QUARANTINE_REASONS[code], ...(detail ? { detail } : {}) } } : {}),
    ...(conflictsWith ? { conflictsWith } : {}),
    rawHash,
    position,
    conflicts: (await service.staging.conflictsOf(_id)).map(conflictView),
    links: { self: selfLink(service, _id) },
  };
}
