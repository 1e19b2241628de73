import type { CountryCode } from 'libphonenumber-js/max';
import { numbersIn, readingsOf } from './dates-candidates.js';
import { type Column, describe, isEmpty, isNameable, percent } from './suggest-columns.js';
import { type Choice, chooseFields, type Pool } from './suggest-fields.js';
import { shown } from './suggest-mask.js';
import { CLOSED_STATUS } from './suggest-names.js';
import { type Scan, scan } from './suggest-scan.js';
import { chooseText } from './suggest-text.js';
import { chooseWhen, type WhenChoice } from './suggest-when.js';

/** A file as its reader found it: what it is, and its rows in order. */
export type Table = {
  readonly name: string;
  readonly container: string;
  readonly encoding: string;
  readonly delimiter: string;
  readonly headings: readonly string[];
  readonly rows: AsyncIterable<readonly string[]>;
};

export type Suggestion = {
  readonly file: Omit<Table, 'rows'>;
  readonly rows: number;
  /** false: only the first rows, a million, were read. */
  readonly complete: boolean;
  /** Why it can't be a feed; then there is no block. */
  readonly problem?: string;
  readonly fields: readonly Choice[];
  readonly when?: WhenChoice;
  readonly identity: { readonly columns: readonly string[] } | 'content';
  readonly identityEvidence: string;
  readonly closedStatuses: readonly string[];
  /** Every status of the file with its rows, most frequent first. */
  readonly statuses: readonly (readonly [string, number])[];
  /** Columns that stay with the record as they are. */
  readonly extra: readonly { readonly column: string; readonly evidence: string }[];
  /** What a person should look at before an import. */
  readonly unsure: readonly string[];
};

function identityOf(
  fields: readonly Choice[],
  columns: readonly Column[],
): Pick<Suggestion, 'identity' | 'identityEvidence'> {
  const name = fields.find((f) => f.field === 'sourceRef')?.columns[0];
  const column = columns.find((c) => c.name === name);
  if (!column) return { identity: 'content', identityEvidence: 'no column is an id of the sender' };
  const sound = column.different === 1 && column.filled >= 0.99;
  if (sound)
    return {
      identity: { columns: [column.name] },
      identityEvidence: 'the same id again is the same complaint',
    };
  const why =
    column.different < 1
      ? `"${column.name}" repeats within the file: rows with the same id and other content would be conflicts`
      : `"${column.name}" is empty in ${percent(1 - column.filled)} of the rows`;
  return { identity: 'content', identityEvidence: why };
}

/** A date, a number, an address or a sentence is no heading. */
const looksLikeData = (heading: string): boolean =>
  readingsOf(heading).length > 0 ||
  /^\+?\d[\d .,-]{3,}$|@.+\./.test(heading) ||
  heading.split(/\s+/).length > 8;

/** A status that begins with the right word, and holds nothing that must not be shown. */
const isClosed = (value: string, region: CountryCode): boolean =>
  CLOSED_STATUS.test(value) && shown(value, region, 120) === value;

/** Case does not matter to a feed. */
function closedOf(statuses: readonly string[], region: CountryCode): string[] {
  const closed = statuses.filter((value) => isClosed(value, region));
  return [...new Map(closed.reverse().map((value) => [value.toLowerCase(), value])).values()].reverse();
}

const told = (column: Column): string =>
  isEmpty(column)
    ? 'empty'
    : `${percent(column.filled)} filled${column.values ? `, ${column.values.size} different` : ''}`;

function extraOf(columns: readonly Column[], fields: readonly Choice[], when: WhenChoice | undefined) {
  const mapped = new Set([...fields.flatMap((f) => f.columns), when?.date.name, when?.time?.name]);
  return columns.filter((c) => !mapped.has(c.name)).map((c) => ({ column: c.name, evidence: told(c) }));
}

function doubtsOf(
  found: Scan,
  columns: readonly Column[],
  when: WhenChoice | undefined,
  fields: readonly Choice[],
): string[] {
  const headless = columns.filter((c) => looksLikeData(c.name)).length;
  const general = [
    ...(headless > 0
      ? ['The first row looks like a complaint, not like headings. If the file has none, declare `headings`.']
      : []),
    ...(found.rows === 0 ? ['The file has no rows: nothing but names speaks for this.'] : []),
    ...(found.rows > 0 && found.rows < 50 ? [`The file has only ${found.rows} rows.`] : []),
    ...(found.complete ? [] : [`Only the first ${found.rows.toLocaleString('en')} rows were read.`]),
    ...columns
      .filter((c) => !isNameable(c))
      .map(() => 'A heading can not be named in a mapping (control character, or over 256 characters).'),
  ];
  const dates = when
    ? when.doubts
    : [
        'No column of dates was found: complaints get the time at which they come in, and a history is routed as new.',
      ];
  return [...general, ...fields.flatMap((f) => (f.doubt === undefined ? [] : [f.doubt])), ...dates];
}

/** Reads a table once and proposes how a feed could read it. Names columns, counts and formats, and masks examples. */
export async function suggestFeed(table: Table, region: CountryCode): Promise<Suggestion> {
  const { rows: cells, ...file } = table;
  const found = await scan(table.headings, cells, numbersIn(table.container));
  const columns = found.columns.map((facts) => describe(facts, region));
  const nameable = columns.filter((c) => isNameable(c));
  const text = chooseText(nameable.filter((c) => !isEmpty(c)));
  const base = { file, rows: found.rows, complete: found.complete };
  if ('problem' in text) {
    const extra = extraOf(columns, [], undefined);
    const none = { fields: [], statuses: [], closedStatuses: [], unsure: [] };
    return { ...base, ...none, problem: text.problem, identity: 'content', identityEvidence: '', extra };
  }
  const { column, evidence, doubt } = text;
  const first: Choice = { field: 'text', columns: [column.name], evidence, ...(doubt ? { doubt } : {}) };
  const others = nameable.filter((c) => c !== column);
  const when = chooseWhen(others);
  const pool: Pool = {
    free: others.filter((c) => c !== when?.date && c !== when?.time),
    chosen: [first],
  };
  chooseFields(pool);
  const fields = pool.chosen;
  const status = columns.find((c) => c.name === fields.find((f) => f.field === 'sourceStatus')?.columns[0]);
  const statuses = [...(status?.values ?? [])].sort((a, b) => b[1] - a[1]);
  return {
    ...base,
    fields,
    ...(when ? { when } : {}),
    ...identityOf(fields, columns),
    statuses,
    closedStatuses: closedOf(
      statuses.map(([value]) => value),
      region,
    ),
    extra: extraOf(columns, fields, when),
    unsure: doubtsOf(found, columns, when, fields),
  };
}
