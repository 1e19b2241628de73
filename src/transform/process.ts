import { ALIGNED_VERSION } from '../complaint/aligned.js';
import { type Complaint, GOLD_VERSION, type Routing } from '../complaint/gold.js';
import { limit } from '../complaint/limits.js';
import { referenceOf } from '../complaint/reference.js';
import type { GoldStore, StoredPrediction } from '../gold/store.js';
import { stems } from '../gold/words.js';
import { redactText } from '../governance/privacy/redact.js';
import type { Lane } from '../staging/record.js';
import type { AlarmKind } from '../operations/alarms.js';
import type { DeliveryRecord } from '../routing/delivery.js';
import type { RoutingStore } from '../routing/store.js';
import type { StagingRecord } from '../staging/record.js';
import type { StagingStore, StatusChange } from '../staging/store.js';
import type { Transformed } from './items.js';
import { complaintPipeline, PIPELINE_VERSION, type PipelineDeps } from './pipeline.js';
import type { Stopped } from './step.js';

export type TransformDeps = PipelineDeps & {
  readonly staging: Pick<StagingStore, 'waiting' | 'countAttempt' | 'settle'>;
  readonly gold: Pick<GoldStore, 'write' | 'keepPredictions' | 'markHours'>;
  readonly routing: Pick<RoutingStore, 'create'>;
  readonly alarm: (kind: AlarmKind, subject: string, detail: string) => Promise<void>;
  readonly software: string;
};

/** What became of a job's records. `destinations` have new deliveries. */
export type TransformResult = {
  readonly transformed: number;
  readonly quarantined: number;
  readonly retried: number;
  readonly failed: number;
  readonly destinations: readonly string[];
};

const HOUR = 3_600_000;
const NOTHING: TransformResult = { transformed: 0, quarantined: 0, retried: 0, failed: 0, destinations: [] };

const retryDelay = (attempt: number): number => Math.min(1_000 * 2 ** attempt, 300_000);

/** Tries after which a record is taken with a few others, and alone: nobody's neighbours may cost it its last try. */
const WITH_FEW = 3;
const ALONE = 5;
const FEW = 16;

/**
 * Records of a receipt in the groups that are worked on together. One that twice ended its process, or may have, is taken
 * alone, so that the third time shows which one it was; once is no suspicion, as every process ends some day.
 */
export function groupsOf<T extends Pick<StagingRecord, 'unfinished' | 'attempts'>>(
  records: readonly T[],
): T[][] {
  const sizeFor = ({ unfinished, attempts }: T): number =>
    unfinished > 1 || attempts >= ALONE ? 1 : attempts >= WITH_FEW ? FEW : Number.POSITIVE_INFINITY;
  const groups = new Map<number, T[][]>();
  for (const record of records) {
    const size = sizeFor(record);
    const same = groups.get(size) ?? [];
    const last = same.at(-1);
    if (last && last.length < size) last.push(record);
    else same.push([record]);
    groups.set(size, same);
  }
  return [...groups.values()].flat();
}

/**
 * Transforms what is due of one receipt. A record that ends its worker is found out without its neighbours; tries are
 * counted before the work (law 7).
 */
export async function transformReceipt(
  receipt: string,
  lane: Lane,
  deps: TransformDeps,
): Promise<TransformResult> {
  const records = await deps.staging.waiting(receipt, deps.now());
  const poison = records.filter((r) => r.unfinished >= limit('poisonAttempts'));
  await quarantinePoison(poison, deps);
  const groups = groupsOf(records.filter((r) => !poison.includes(r)));
  let total: TransformResult = { ...NOTHING, quarantined: poison.length };
  for (const group of groups) {
    const one = await transformBatch(group, lane, deps);
    total = {
      transformed: total.transformed + one.transformed,
      quarantined: total.quarantined + one.quarantined,
      retried: total.retried + one.retried,
      failed: total.failed + one.failed,
      destinations: [...new Set([...total.destinations, ...one.destinations])],
    };
  }
  return total;
}

async function quarantinePoison(records: readonly StagingRecord[], deps: TransformDeps): Promise<void> {
  if (records.length === 0) return;
  const detail = `ended its worker ${limit('poisonAttempts')} times`;
  await deps.staging.settle(
    records.map((r) => ({ id: r._id, to: 'quarantined', reason: 'poison', detail })),
    deps.now(),
  );
  for (const r of records)
    await deps.alarm('record_poison', r._id, `record ${r._id} of feed ${r.feed} ${detail}`);
}

async function transformBatch(
  records: readonly StagingRecord[],
  lane: Lane,
  deps: TransformDeps,
): Promise<TransformResult> {
  await deps.staging.countAttempt(records.map((r) => r._id));
  const items = records.map((record) => ({ id: record._id, record }));
  const { done, stopped } = await complaintPipeline(deps, lane)
    .run(items)
    .catch((error: Error) => ({
      done: [],
      stopped: items.map(({ id }): Stopped => ({ id, retry: error.name })),
    }));

  const destinations = await store(done, deps);
  const attempts = new Map(records.map((r) => [r._id, r.attempts + 1]));
  const changes = [
    ...done.map((d): StatusChange => ({ id: d.id, to: 'transformed' })),
    ...stopped.map((s) => changeFor(s, attempts.get(s.id) ?? 1, deps.now())),
  ];
  await deps.staging.settle(changes, deps.now());
  const count = (to: StatusChange['to']) => changes.filter((c) => c.to === to).length;
  if (count('failed') > 0)
    await deps.alarm(
      'record_failed',
      '',
      `${count('failed')} records failed ${limit('transformAttempts')} times`,
    );
  return {
    transformed: count('transformed'),
    quarantined: count('quarantined'),
    retried: count('retry'),
    failed: count('failed'),
    destinations,
  };
}

function changeFor(stopped: Stopped, attempt: number, now: Date): StatusChange {
  const { id } = stopped;
  if ('quarantine' in stopped)
    return { id, to: 'quarantined', reason: stopped.quarantine, detail: stopped.detail };
  if (attempt >= limit('transformAttempts')) return { id, to: 'failed', detail: stopped.retry };
  return { id, to: 'retry', detail: stopped.retry, notBefore: new Date(now.getTime() + retryDelay(attempt)) };
}

/** Law 3: gold, then deliveries, then (by the caller) the staging status. Each write is keyed and may be repeated. */
async function store(done: readonly Transformed[], deps: TransformDeps): Promise<string[]> {
  if (done.length === 0) return [];
  const now = deps.now();
  const standing = await deps.gold.write(done.map((d) => goldOf(d, deps.software)));
  await deps.gold.keepPredictions(done.map((d) => predictionOf(d, now)));
  const deliveries = done.flatMap((d) => deliveriesOf(d, standing.get(d.id) ?? d.routing));
  await deps.routing.create(deliveries);
  const hours = new Set(done.map((d) => Math.floor(d.aligned.occurredAt.getTime() / HOUR) * HOUR));
  await deps.gold.markHours([...hours].map((h) => new Date(h)));
  return [...new Set(deliveries.map((d) => d.destination))];
}

function goldOf(item: Transformed, software: string): Complaint {
  const { record, aligned, prediction } = item;
  const safe = (field: string | undefined) => field && redactText(field, item.region, { own: item.own });
  const optional = {
    customer: item.customer,
    channel: safe(aligned.channel),
    place: safe(aligned.place),
    sourceCategory: safe(aligned.sourceCategory),
    sourceStatus: safe(aligned.sourceStatus),
    sourceRef: safe(aligned.sourceRef),
    conversationRef: safe(aligned.conversationRef),
    customerTier: safe(aligned.customerTier),
    languageHint: safe(aligned.languageHint),
  };
  return {
    _id: item.id,
    v: GOLD_VERSION,
    reference: referenceOf(item.id),
    feed: record.feed,
    source: record.source,
    run: record.run,
    day: record.day,
    receivedAt: aligned.receivedAt,
    occurredAt: aligned.occurredAt,
    text: item.text,
    words: stems(item.text),
    entities: item.entities,
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, v]) => v !== undefined),
    ) as Partial<Complaint>),
    prediction,
    effective: item.effective,
    negative: prediction.negative,
    negativeScore: prediction.negativeScore,
    review: item.review,
    routing: item.routing,
    lineage: {
      position: record.position,
      rawHash: record.rawHash,
      receipt: record.receipt,
      alignedVersion: ALIGNED_VERSION,
      pipelineVersion: PIPELINE_VERSION,
      software,
    },
  };
}

function predictionOf({ id, prediction, record }: Transformed, at: Date): StoredPrediction {
  const key = `${id}-${prediction.weightsHash.slice(0, 12)}-${prediction.textHash.slice(0, 12)}`;
  return { _id: key, complaint: id, run: record.run, feed: record.feed, day: record.day, at, ...prediction };
}

function deliveriesOf({ id, record }: Transformed, routing: Routing): DeliveryRecord[] {
  return routing.deliveries.map((d) => ({
    _id: d.id,
    complaint: id,
    run: record.run,
    feed: record.feed,
    day: record.day,
    sink: d.sink,
    target: d.target,
    destination: `${d.sink}:${d.target}`,
    team: routing.team as string,
    purpose: 'route',
    seq: routing.seq,
    priority: routing.priority === 'high' ? 0 : 1,
    state: 'pending',
    dueAt: routing.decidedAt,
    attempts: 0,
    createdAt: routing.decidedAt,
  }));
}
