import type { Command } from 'commander';
import { RedressError } from '../complaint/errors.js';
import type { Entities } from '../complaint/entities.js';
import { type Complaint, placeOf as troubleAt } from '../complaint/gold.js';
import { parseReference } from '../complaint/reference.js';
import { QUARANTINE_REASONS } from '../complaint/reasons.js';
import type { Core } from '../core.js';
import { findComplaint } from '../gold/query.js';
import type { DeliveryRecord } from '../routing/delivery.js';
import type { StagingRecord } from '../staging/record.js';
import type { Cli } from './support/cli.js';
import { clean, pairs, time } from './support/text.js';

export function complaintCommand(program: Command, cli: Cli): void {
  program
    .command('complaint')
    .description('the whole way of one complaint: file and row, raw, labels, rule, messages, ticket')
    .argument('<id>', 'its id, or its reference as people quote it')
    .option('--json', 'as JSON on standard output')
    .action((id: string, { json }: { json?: true }) =>
      cli.withCore(async (core) => {
        const way = await wayOf(core, id.trim());
        print(way, cli);
        if (json) cli.json(way);
      }),
    );
}

type Way = Awaited<ReturnType<typeof wayOf>>;

/** From every layer by itself: what one of them lost is seen. */
async function wayOf(core: Core, typed: string) {
  const complaint = await findComplaint(core.gold, typed);
  const record = complaint ? await core.staging.get(complaint._id) : await core.staging.find(typed);
  if (!complaint && !record) throw unknown(typed);
  const id = complaint?._id ?? record?._id ?? typed;
  return {
    id,
    staging: record ? withoutRaw(record) : undefined,
    run: record ? ((await core.operations.run(record.run)) ?? undefined) : undefined,
    complaint: complaint ?? undefined,
    predictions: await core.gold.predictionsOf(id),
    deliveries: await core.deliveries.of(id),
    ticket: (await core.sinks.ticket(id)) ?? undefined,
    conflicts: await core.staging.conflictsOf(id),
  };
}

/** The raw piece is sealed and stays so. */
const withoutRaw = ({ raw: _, ...rest }: StagingRecord): Omit<StagingRecord, 'raw'> => rest;

function unknown(typed: string): RedressError {
  const shown = clean(typed.slice(0, 40));
  const looksLikeReference = /^[0-9A-Za-z]{5}[\s-]?[0-9A-Za-z]{5}[\s-]?[0-9A-Za-z]$/.test(typed);
  const fix =
    looksLikeReference && parseReference(typed) === undefined
      ? 'Its check letter is wrong: one character was mistyped or two changed places.'
      : looksLikeReference
        ? 'While many records wait to be worked on, one that is not yet is found by its id only.'
        : 'Give the id (c and 24 characters) or the reference (like 7K3M9-QX2TA-W).';
  return new RedressError('complaint', 'unknown_complaint', `There is no complaint "${shown}".`, fix);
}

function print(
  { id, staging, run, complaint, predictions, deliveries, ticket, conflicts }: Way,
  cli: Cli,
): void {
  cli.say(`Complaint ${complaint?.reference ?? ''} ${id}`.replace('  ', ' '));
  cli.say('\nReceived');
  cli.say(
    staging
      ? pairs(stagingRows(staging, run && `${run.kind} ${run.name}, ${run.status}`))
      : '  MISSING in staging',
  );
  if (complaint) {
    cli.say('\nComplaint');
    cli.say(pairs(goldRows(complaint, predictions.length)));
    cli.say('\nRouting');
    cli.say(pairs(routingRows(complaint)));
  } else if (staging?.status === 'transformed') cli.say('\n  MISSING in gold');
  const planned = complaint?.routing.deliveries ?? [];
  const lost = planned.filter((p) => !deliveries.some((d) => d._id === p.id));
  if (deliveries.length > 0) {
    cli.say('\nDeliveries');
    cli.say(pairs(deliveries.map(deliveryRow)));
  }
  for (const { id: delivery } of lost) cli.say(`  MISSING delivery ${delivery}`);
  if (ticket) {
    cli.say('\nTicket');
    const { team, status, assignee, updatedAt } = ticket;
    cli.say(pairs([[team, `${status}${assignee ? `, ${assignee}` : ''}, last changed ${time(updatedAt)}`]]));
  }
  if (conflicts.length > 0) {
    cli.say('\nConflicts (same id, other content; kept)');
    cli.say(pairs(conflicts.map((c) => [c._id, `${time(c.receivedAt)}, run ${c.run}, ${placeOf(c)}`])));
  }
}

const placeOf = ({ position: p }: Pick<StagingRecord, 'position'>): string =>
  `${p.kind} ${p.of}, ${p.kind === 'file' ? 'row' : 'item'} ${p.index}${p.line === undefined ? '' : `, line ${p.line}`}`;

const stagingRows = (
  r: Omit<StagingRecord, 'raw'>,
  run: string | undefined,
): [string, string | undefined][] => [
  ['from', placeOf(r)],
  ['feed', `${r.feed} (${r.source}, ${r.lane})`],
  ['at', time(r.receivedAt)],
  ['run', `${r.run}: ${run ?? 'MISSING'}`],
  ['receipt', r.receipt],
  ['raw', `sha256 ${r.rawHash}`],
  [
    'status',
    `${r.status}${r.reason ? ` (${r.reason}: ${r.detail ?? ''})` : r.detail ? ` (${r.detail})` : ''}, ${time(r.statusAt)}`,
  ],
  ['attempts', String(r.attempts)],
  ['what to do', r.reason && QUARANTINE_REASONS[r.reason]],
];

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** What the text says beside its labels, in a line. */
function saysOf(e: Entities): string {
  const parts = [
    e.places.length > 1 && `places ${e.places.map((p) => p.name).join(', ')}`,
    e.amounts.length > 0 && `amounts ${e.amounts.map((a) => `${a.currency} ${a.value}`).join(', ')}`,
    e.services.length > 0 && `services ${e.services.join(', ')}`,
    e.devices.length > 0 && `devices ${e.devices.join(', ')}`,
    e.competitors.length > 0 && `competitors ${e.competitors.join(', ')}`,
    e.since && `since ${time(e.since.from)} (${e.since.precision})`,
    e.references.length > 0 && `references ${e.references.join(', ')}`,
    e.flags.length > 0 && `flags ${e.flags.join(', ')}`,
    e.addressee !== 'us' && `to ${e.addressee}`,
    e.author !== 'customer' && `by ${e.author}`,
  ];
  return parts.filter(Boolean).join('; ');
}

function goldRows(c: Complaint, predictions: number): [string, string | undefined][] {
  const { heads, modelId, weightsHash, evidence } = c.prediction;
  const label = (head: 'category' | 'sentiment' | 'complaint' | 'urgency') =>
    `${c.effective[head]} (model: ${heads[head].label}, ${percent(heads[head].confidence)}${heads[head].abstained ? ', abstained' : ''})`;
  return [
    ['text', c.text],
    ['occurred', time(c.occurredAt)],
    ['category', `${label('category')}${heads.second ? `, also ${heads.second}` : ''}`],
    ['place', troubleAt(c)],
    ['says', c.entities && saysOf(c.entities)],
    ['sentiment', label('sentiment')],
    ['complaint', label('complaint')],
    ['urgency', label('urgency')],
    ['negative', `${c.negative ? 'yes' : 'no'} (score ${c.negativeScore.toFixed(3)})`],
    ['language', heads.language && `${heads.language.label}, ${percent(heads.language.confidence)}`],
    ['labels by', c.effective.by],
    ['evidence', evidence.join(', ')],
    [
      'model',
      `${modelId}, weights ${weightsHash.slice(0, 16)}, ${predictions} prediction${predictions === 1 ? '' : 's'} kept`,
    ],
    [
      'versions',
      `aligned ${c.lineage.alignedVersion}, pipeline ${c.lineage.pipelineVersion}, Redress ${c.lineage.software}`,
    ],
    ['review', c.review.join(', ')],
  ];
}

const routingRows = ({ routing: r }: Complaint): [string, string | undefined][] => [
  ['state', r.state],
  ['team', r.team],
  ['rule', r.rule],
  ['priority', r.priority],
  ['rules version', r.rulesVersion],
  ['decided', `${time(r.decidedAt)}, decision ${r.seq}`],
];

function deliveryRow(d: DeliveryRecord): [string, string] {
  const evidence = d.evidence ? `, ${d.evidence.ref}${d.evidence.url ? ` ${d.evidence.url}` : ''}` : '';
  return [
    clean(d.destination),
    `${d.state}${d.code ? ` (${d.code})` : ''} ${time(d.deliveredAt ?? d.dueAt)}, attempts ${d.attempts}${evidence}`,
  ];
}
