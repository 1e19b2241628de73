import { parseMoment } from '../src/complaint/times.js';

/** The first rows of a CSV, decoded; headings as they stand. */
export type Sample = { readonly headings: readonly string[]; readonly rows: readonly (readonly string[])[] };

export type GuessedColumn = {
  readonly field: 'text' | 'occurredAt' | 'msisdn' | 'place' | 'channel';
  readonly column: string;
  readonly because: string;
};
export type Guess =
  | { readonly kind: 'guessed'; readonly columns: readonly GuessedColumn[] }
  | { readonly kind: 'unclear'; readonly problem: string };

/** Headings that name the customer's words, surest first; compared without case, blanks and punctuation. */
const TEXT_NAMES = [
  ['complaint', 'complainttext', 'customercomplaint', 'complaintdetails', 'complaintdescription'],
  ['text', 'message', 'messagetext', 'fulltext', 'tweet', 'post', 'body', 'content'],
  ['description', 'details', 'comment', 'comments', 'feedback', 'narrative', 'remarks', 'issue', 'review'],
] as const;

const OTHERS = {
  occurredAt: [
    ...['date', 'time', 'datetime', 'timestamp', 'complaintdate', 'created', 'createdat', 'datecreated'],
    ...[
      'opened',
      'openedat',
      'dateopened',
      'received',
      'receivedat',
      'datereceived',
      'occurredat',
      'postedat',
    ],
  ],
  msisdn: ['msisdn', 'phone', 'phonenumber', 'customerphone', 'mobile', 'mobilenumber'],
  place: ['place', 'city', 'location', 'town', 'area'],
  channel: ['channel', 'receivedvia'],
} as const;

const fold = (heading: string): string => heading.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** What a feed's mapping can name: one line, unlike any other heading. */
const usable = (headings: readonly string[]): string[] =>
  headings.filter(
    (h) => h !== '' && h.length <= 256 && !/\p{Cc}/u.test(h) && headings.filter((o) => o === h).length === 1,
  );

const cellsOf = (column: string, { headings, rows }: Sample): string[] => {
  const at = headings.indexOf(column);
  return rows.map((row) => (row[at] ?? '').trim()).filter((cell) => cell !== '');
};

/** Marks like y and n, or a handful of words again and again: a label about the text, whatever its name. */
function isLabel(column: string, sample: Sample): boolean {
  const cells = cellsOf(column, sample);
  return cells.every((cell) => cell.length <= 3) || new Set(cells).size * 5 < cells.length;
}

/** Free text has blanks and is seldom repeated: average length of its cells, else 0. */
function textLength(column: string, sample: Sample): number {
  const cells = cellsOf(column, sample);
  if (cells.length === 0 || new Set(cells).size * 2 < cells.length) return 0;
  if (cells.filter((cell) => cell.includes(' ')).length * 2 < cells.length) return 0;
  return cells.reduce((sum, cell) => sum + cell.length, 0) / cells.length;
}

function textColumn(sample: Sample): GuessedColumn | string {
  const columns = usable(sample.headings).filter((column) => !isLabel(column, sample));
  for (const names of TEXT_NAMES) {
    const named = columns.filter((c) => (names as readonly string[]).includes(fold(c)));
    if (named.length === 1 && named[0] !== undefined)
      return { field: 'text', column: named[0], because: 'its name says so' };
    if (named.length > 1)
      return `The columns "${named.join('" and "')}" could each be the text of the complaint.`;
  }
  // Any text file is a table of one column: without a name nothing says that it is one.
  if (sample.headings.length === 1) return 'It has one column, and no name says that it is the complaint.';
  const [first, second] = columns
    .map((column) => ({ column, length: textLength(column, sample) }))
    .sort((a, b) => b.length - a.length);
  if (!first || first.length < 12) return 'No column of it looks like the text of a complaint.';
  if (second && second.length * 2 > first.length)
    return `The columns "${first.column}" and "${second.column}" both look like text.`;
  return {
    field: 'text',
    column: first.column,
    because: `no name says so; the longest text, ${Math.round(first.length)} characters on average`,
  };
}

/** The one column of such a name, if its cells are what the field needs: times only where all are ISO 8601. */
function otherColumn(field: keyof typeof OTHERS, sample: Sample): GuessedColumn | undefined {
  const named = usable(sample.headings).filter((c) => (OTHERS[field] as readonly string[]).includes(fold(c)));
  const [column] = named;
  if (column === undefined || named.length > 1) return undefined;
  if (field !== 'occurredAt') return { field, column, because: 'its name says so' };
  const at = sample.headings.indexOf(column);
  const iso = sample.rows.every((row) => parseMoment(row[at] ?? '', { format: 'iso', zone: 'UTC' }).ok);
  return iso && sample.rows.length > 0
    ? {
        field,
        column,
        because: `its name says so, and the first ${sample.rows.length} are times like 2026-11-25 09:30`,
      }
    : undefined;
}

/** A mapping that nobody would doubt, or why there is none. Only the text is needed; what is doubtful is left out. */
export function guessMapping(sample: Sample): Guess {
  const text = textColumn(sample);
  if (typeof text === 'string') return { kind: 'unclear', problem: text };
  const others = (Object.keys(OTHERS) as (keyof typeof OTHERS)[]).map((f) => otherColumn(f, sample));
  const columns = [text, ...others.filter((o) => o !== undefined && o.column !== text.column)];
  return { kind: 'guessed', columns: columns as GuessedColumn[] };
}
