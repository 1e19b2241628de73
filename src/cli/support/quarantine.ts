import { RedressError } from '../../complaint/errors.js';
import { didYouMean } from '../../complaint/nearest.js';
import { QUARANTINE_REASONS, type QuarantineReason } from '../../complaint/reasons.js';
import type { Core } from '../../core.js';
import { readable } from '../../sources/csv-text.js';
import {
  countQuarantined,
  findQuarantined,
  itemsOf,
  matchOf,
  type QuarantineFilter,
  type QuarantineItem,
} from '../../staging/quarantine.js';
import { acceptConflict, type Decided, discard, replay } from '../../staging/quarantine-decide.js';
import { QUARANTINE_STATUSES, type StagingRecord } from '../../staging/record.js';
import { OUTDATED_FIX, outdatedFor, outdatedWords } from '../../transform/outdated.js';
import type { Cli } from './cli.js';
import { person } from './person.js';
import { createProgress } from './progress.js';
import { count, counted, cut, listed, pairs, table, time } from './text.js';

type Json = { readonly json?: true };

const placeOf = ({ kind, of, index, line }: StagingRecord['position']): string =>
  `${kind} ${of}, ${kind === 'file' ? 'row' : 'item'} ${index}${line === undefined ? '' : `, line ${line}`}`;

/** The same for a narrow column: of a long name the end is left out, never the row. */
const shortPlace = (position: StagingRecord['position']): string =>
  placeOf({ ...position, of: cut(position.of, 28) });

/** A name that was mistyped finds nothing, which must not look like good news; a feed of before may still have records. */
function mustKnow(core: Core, { feed }: QuarantineFilter, found: number): void {
  if (found > 0 || feed === undefined || core.feeds.has(feed)) return;
  throw new RedressError(
    'quarantine',
    'unknown_feed',
    `There is no feed "${feed.slice(0, 80)}", and no record of one.${didYouMean(feed, core.feeds.keys())}`,
    'config/sources.yaml declares the feeds; `redress quarantine list` shows of which there are records.',
  );
}

/** A page, the counts of everything that the filter finds, and what to do about each reason among them. */
export async function list(
  cli: Cli,
  core: Core,
  filter: QuarantineFilter,
  limit: number,
  json?: true,
): Promise<void> {
  const { items, next } = await findQuarantined(core.staging, filter, { limit });
  const counts = await countQuarantined(core.staging, matchOf(filter));
  mustKnow(core, filter, counts.total);
  if (items.length === 0) cli.say('There is no such record in quarantine.');
  else {
    cli.say(filter.status === 'conflict' ? conflictTable(items) : itemTable(items));
    cli.say(`\n${counted(counts.total, 'record')}${next ? `, the newest ${items.length} shown` : ''}`);
    cli.say(`  by reason: ${listed(counts.byReason)}`);
    cli.say(`  by feed: ${listed(counts.byFeed)}`);
    cli.say('\nWhat to do');
    cli.say(pairs([...new Map(items.map((i) => [i.reason ?? i.status, i.whatToDo]))]));
  }
  if (json) cli.json({ items, counts });
}

const itemTable = (items: readonly QuarantineItem[]): string =>
  table(
    ['received', 'id', 'feed', 'reason', 'from', 'attempts', 'detail'],
    items.map((i) => [
      time(i.receivedAt),
      i.id,
      i.feed,
      i.status === 'discarded' ? `discarded (${i.reason ?? 'failed'})` : (i.reason ?? i.status),
      shortPlace(i.position),
      i.attempts,
      cut(i.detail ?? '', 60),
    ]),
  );

const conflictTable = (items: readonly QuarantineItem[]): string =>
  table(
    ['received', 'conflict', 'from', 'disagrees with', 'received', 'its status', 'from'],
    items.map(({ receivedAt, id, position, conflictsWith: other }) => [
      time(receivedAt),
      id,
      shortPlace(position),
      other?.reference ?? '',
      time(other?.receivedAt),
      other?.status ?? '',
      other?.position ? shortPlace(other.position) : '',
    ]),
  );

/** One record; with `raw` what it says too, after the audit knows. */
export async function show(cli: Cli, core: Core, id: string, flags: Json & { raw?: true }): Promise<void> {
  const record = await core.staging.find(id);
  if (!record || !(QUARANTINE_STATUSES as readonly string[]).includes(record.status))
    throw notHere(id, record?.status);
  const [item] = await itemsOf(core.staging, [record]);
  if (!item) return;
  cli.say(`Record ${item.reference} ${item.id}`);
  cli.say(pairs(rowsOf(item)));
  const raw = flags.raw ? await unseal(core, record) : undefined;
  if (raw) {
    cli.say(
      '\nRaw piece. PERSONAL DATA: it is shown here in clear, and the audit says so. Do not pass it on.',
    );
    cli.say(`  ${visible(raw.text)}`);
  }
  if (flags.json) cli.json(raw ? { ...item, raw } : item);
}

const rowsOf = (item: QuarantineItem): [string, string | undefined][] => {
  const { decided: d, conflictsWith: other } = item;
  return [
    ['status', `${item.status}, ${time(item.statusAt)}`],
    ['reason', item.reason && `${item.reason}${item.detail ? `: ${item.detail}` : ''}`],
    ['what to do', item.whatToDo],
    ['replayable', item.replayable ? 'yes' : 'no'],
    ['from', placeOf(item.position)],
    ['feed', `${item.feed} (${item.source})`],
    ['received', time(item.receivedAt)],
    ['run', item.run],
    ['attempts', String(item.attempts)],
    ['raw', `sha256 ${item.rawHash}`],
    ['decided', d && `${d.what} by ${d.by}, ${time(d.at)}${d.why ? `: ${d.why}` : ''}`],
    ['disagrees with', other && `${other.reference} ${other.id} (${other.status})`],
    ['which came', other?.position && `${time(other.receivedAt)} from ${placeOf(other.position)}`],
  ];
};

type Raw = { readonly text: string; readonly base64: string };

async function unseal(core: Core, record: StagingRecord): Promise<Raw> {
  await core.operations.audit({ at: core.now(), by: person(), action: 'raw_opened', target: record._id });
  const bytes = core.cipher.open(Buffer.from(record.raw.buffer), record._id);
  if (!bytes)
    throw new RedressError(
      'quarantine',
      'unreadable',
      `The raw piece of ${record._id} can not be opened.`,
      QUARANTINE_REASONS.unreadable,
    );
  const { format } = record;
  const encoding = format.kind === 'csv' ? format.encoding : 'utf-8';
  return { text: readable(bytes, encoding), base64: bytes.toString('base64') };
}

/** Everything that a terminal would obey or not show is spelled out. */
const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);

function notHere(id: string, status: StagingRecord['status'] | undefined): RedressError {
  const shown = visible(id.slice(0, 40));
  return status === undefined
    ? new RedressError(
        'quarantine',
        'unknown_record',
        `There is no record "${shown}".`,
        'See `redress quarantine list`.',
      )
    : new RedressError(
        'quarantine',
        'not_in_quarantine',
        `The record "${shown}" is not in quarantine: its status is ${status}.`,
        'See `redress complaint`.',
      );
}

type Change = Json & { readonly why?: string; readonly dryRun?: true };

/** Replays or discards what the filter finds, however much it is. */
export async function change(
  cli: Cli,
  core: Core,
  what: 'replay' | 'discard',
  filter: QuarantineFilter,
  flags: Change,
): Promise<void> {
  const deps = { ...core, by: person() };
  const dryRun = flags.dryRun === true;
  if (what === 'replay') await sayOutdated(cli, core, filter, dryRun);
  const progress = createProgress(cli.io);
  const options = {
    dryRun,
    most: Number.MAX_SAFE_INTEGER,
    onBatch(changed: number) {
      progress.show(`${counted(changed, 'record')} done`);
      return !cli.io.signal.aborted;
    },
  };
  const result: Decided =
    what === 'replay'
      ? await replay(filter, deps, options)
      : await discard(filter, flags.why ?? '', deps, options);
  progress.clear();
  mustKnow(core, filter, result.found);
  report(cli, what, result, dryRun);
  const { found, changed, notReplayable } = result;
  const missing = (filter.ids?.length ?? 0) - found;
  if (missing > 0) {
    cli.say(`${counted(missing, 'id')} named but not found among what can be ${DONE[what]}.`);
    cli.failed();
  }
  if (!dryRun && found > 0 && changed === 0) cli.failed();
  if (flags.json) cli.json({ dryRun, found, changed, notReplayable });
}

/** What was corrected must be in effect where the records are worked on. */
async function sayOutdated(cli: Cli, core: Core, filter: QuarantineFilter, dryRun: boolean): Promise<void> {
  const outdated = await outdatedFor(filter, core);
  if (outdated.length === 0) return;
  const words = outdatedWords(outdated);
  if (!dryRun) throw new RedressError('quarantine', 'settings_outdated', words, OUTDATED_FIX);
  cli.say(`${words} ${OUTDATED_FIX}`);
}

const DONE = { replay: 'replayed', discard: 'discarded' } as const;

function report(
  cli: Cli,
  what: keyof typeof DONE,
  { found, changed, notReplayable }: Decided,
  dryRun: boolean,
): void {
  const left = Object.entries(notReplayable);
  const cutOff = left.reduce((sum, [, n]) => sum + n, 0);
  if (dryRun) cli.say(`${counted(found - cutOff, 'record')} would be ${DONE[what]}. Nothing was changed.`);
  else cli.say(`${counted(changed, 'record')} ${DONE[what]}.`);
  for (const [reason, n] of left)
    cli.say(`${count(n)} can not be replayed (${reason}): ${QUARANTINE_REASONS[reason as QuarantineReason]}`);
  if (what === 'replay' && changed > 0)
    cli.say(
      'A running service works on them, one that is started does so by config/sources.yaml as it is then. `redress ledger` shows them in flight.',
    );
}

const REFUSED = {
  unknown: 'There is no record with this id. See `redress quarantine list --conflicts`.',
  no_conflict: 'It is no conflict (any more). See `redress complaint`.',
  cut: 'Only the beginning of its raw piece is kept, so it can not become a complaint. Discard it.',
} as const;

export async function accept(cli: Cli, core: Core, id: string, { json }: Json): Promise<void> {
  const result = await acceptConflict(id, { ...core, by: person() });
  if (result.outcome !== 'accepted')
    throw new RedressError(
      'quarantine',
      result.outcome,
      `"${visible(id.slice(0, 40))}":`,
      REFUSED[result.outcome],
    );
  cli.say(`It is a complaint of its own now, ${result.reference}. A running service works on it.`);
  if (json) cli.json({ id: result.id, reference: result.reference });
}
