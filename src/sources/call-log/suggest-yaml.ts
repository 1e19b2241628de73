import type { CountryCode } from 'libphonenumber-js/max';
import type { Suggestion } from './suggest.js';
import { shown } from './suggest-mask.js';

export type Place = { readonly region: CountryCode; readonly zone: string };

const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;
/** A comment ends with its line: nothing of the file may end it earlier. */
const comment = (text: string): string => text.replace(UNSAFE, ' ').trim();
const escaped = (character: string): string => {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
};
/** A double-quoted scalar; JSON is one, but leaves in it what a terminal obeys. */
const quote = (text: string): string => JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped);
const list = (texts: readonly string[]): string => `[${texts.map(quote).join(', ')}]`;
const cell = (texts: readonly string[]): string =>
  texts.length === 1 ? quote(texts[0] as string) : list(texts);

/** A feed's name as a file of its kind suggests it: without extension, dates and numbers at its end. */
export function feedNameOf(file: string, taken: ReadonlySet<string>): string {
  const stem = file
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\.(csv|tsv|txt|xlsx|gz|zip)/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/(?:_?\d+)+$/, '')
    .replace(/^_+|_+$/g, '')
    .slice(0, 36);
  const name = stem || 'my_feed';
  for (let n = 1; ; n++) {
    const free = n === 1 ? name : `${name}_${n}`;
    if (!taken.has(free)) return free;
  }
}

function* dates({ when }: Suggestion, zone: string): Generator<string> {
  if (!when) return;
  const format = when.format === 'auto' ? 'auto' : cell(when.format);
  yield `    dates:`;
  for (const doubt of when.format === 'auto' ? when.doubts : []) yield `      # QUESTION: ${comment(doubt)}`;
  yield `      format: ${format} # ${comment(when.evidence)}`;
  if (when.timeFormat !== undefined) {
    // `auto` finds date and time together.
    const later = when.format === 'auto' ? '# together with a format: ' : '';
    yield `      ${later}timeFormat: ${quote(when.timeFormat)} # all of ${comment(quote(when.time?.name ?? ''))}`;
  }
  yield when.offsets
    ? `      zone: ${zone} # every time carries its own offset, so this does not matter`
    : `      zone: ${zone} # QUESTION: the file names no zone; this is the operator's. Are its clocks set to it?`;
}

function* mapping({ fields, when }: Suggestion): Generator<string> {
  const lines = fields.map((f) => [f.field as string, cell(f.columns), f.evidence] as const);
  const date =
    when && ([when.time ? 'occurredDate' : 'occurredAt', quote(when.date.name), when.evidence] as const);
  const time =
    when?.time &&
    (['occurredTime', quote(when.time.name), `${when.time.timeFormat ?? ''} in all rows`] as const);
  for (const line of [lines[0], date, time, ...lines.slice(1)])
    if (line) yield `      ${line[0]}: ${line[1]} # ${comment(line[2])}`;
}

/** Statuses as a comment: values that could be anything are cut and redacted. */
function statusWords({ statuses }: Suggestion, region: CountryCode): string {
  const some = statuses
    .slice(0, 12)
    .map(([value, rows]) => `${shown(value, region)} ${rows.toLocaleString('en')}`);
  return `${some.join(', ')}${statuses.length > 12 ? `, and ${statuses.length - 12} more` : ''}`;
}

/** A block for `feeds:` in config/sources.yaml, each line with what speaks for it. */
export function yamlOf(suggestion: Suggestion, name: string, { region, zone }: Place): string {
  const { file, rows, complete, closedStatuses, statuses, identity, identityEvidence, extra } = suggestion;
  const read = `${complete ? '' : 'the first '}${rows.toLocaleString('en')} rows`;
  const lines = [
    `  # Proposed from ${comment(file.name)}: ${read}, ${file.container}, ${file.encoding}.`,
    `  ${name}:`,
    '    source: call_log # QUESTION: or x, sms, form: what kind of channel is it?',
    `    region: ${region} # country of phone numbers without a country code; the operator's`,
  ];
  if (file.container !== 'xlsx') {
    lines.push(`    delimiter: ${file.delimiter === '\t' ? 'tab' : quote(file.delimiter)}`);
    lines.push(`    encoding: ${file.encoding}`);
  }
  if (statuses.length > 0) {
    lines.push(`    # Statuses in the file: ${comment(statusWords(suggestion, region))}.`);
    lines.push(
      closedStatuses.length > 0
        ? `    closedStatuses: ${list(closedStatuses)} # QUESTION: are these, and only these, over? They reach no team.`
        : '    # closedStatuses: [] # QUESTION: none of them looks closed; name those that reach no team.',
    );
  }
  lines.push(
    identity === 'content'
      ? `    identity: content # ${comment(identityEvidence)}; rows are told apart by their cells`
      : `    identity: { columns: ${list(identity.columns)} } # ${comment(identityEvidence)}`,
  );
  lines.push(...dates(suggestion, zone), '    mapping:', ...mapping(suggestion));
  if (extra.length > 0) {
    lines.push('    # Kept with the record, in no field:');
    for (const { column, evidence } of extra)
      lines.push(`    #   ${comment(quote(column))}: ${comment(evidence)}`);
  }
  return `${lines.join('\n')}\n`;
}
