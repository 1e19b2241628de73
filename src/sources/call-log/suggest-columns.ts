import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { foldHeading } from '../../staging/drift-rename.js';
import { LATER_DATE, type NamedField, rankOf } from './suggest-names.js';
import type { ColumnFacts } from './suggest-scan.js';

/** A column with what its fields are decided by; shares are of filled cells, 0 to 1. */
export type Column = ColumnFacts & {
  readonly folded: string;
  readonly filled: number;
  readonly different: number;
  readonly phones: number;
  readonly emails: number;
  readonly blanks: number;
  /** Averages of filled cells. */
  readonly characters: number;
  readonly words: number;
};

const average = (numbers: readonly number[]): number =>
  numbers.length === 0 ? 0 : numbers.reduce((a, b) => a + b, 0) / numbers.length;
const shareOf = (cells: readonly string[], is: (cell: string) => boolean): number =>
  average(cells.map((cell) => (is(cell) ? 1 : 0)));

/** Valid in the numbering plan; also without the zero that a spreadsheet took away. */
const isPhone = (cell: string, region: CountryCode): boolean =>
  cell.length <= 25 &&
  /^[+(\d][\d\s().+-]{6,}$/.test(cell) &&
  parsePhoneNumberFromString(cell, region)?.isValid() === true;

export function describe(facts: ColumnFacts, region: CountryCode): Column {
  const { sample, profile, counted, distinct } = facts;
  return {
    ...facts,
    folded: foldHeading(facts.name),
    filled: profile.rows === 0 ? 0 : profile.filled / profile.rows,
    different: counted === 0 ? 0 : distinct / counted,
    phones: shareOf(sample, (cell) => isPhone(cell, region)),
    emails: profile.looked === 0 ? 0 : profile.kinds.email / profile.looked,
    blanks: shareOf(sample, (cell) => cell.includes(' ')),
    characters: average(sample.map((cell) => cell.length)),
    words: average(sample.map((cell) => cell.split(/\s+/).length)),
  };
}

/** A heading that a mapping can name: one line that is not too long. */
export const isNameable = ({ name }: ColumnFacts): boolean =>
  name !== '' && name.length <= 256 && name === name.trim() && !/\p{Cc}/u.test(name);

export const isEmpty = (column: Column): boolean => column.profile.filled === 0;
export const isDates = ({ dates, profile, timeFormat }: Column): boolean => {
  if (!dates || dates.kind === 'empty' || timeFormat !== undefined) return false;
  const best = dates.kind === 'no_format' ? (dates.best[0]?.rows ?? 0) : dates.rows;
  return best * 2 >= profile.filled;
};

/** Columns of such a name, surest first. */
export const named = (columns: readonly Column[], field: NamedField): Column[] =>
  columns
    .filter((c) => rankOf(field, c.folded) >= 0)
    .sort((a, b) => rankOf(field, a.folded) - rankOf(field, b.folded));

/** Dates of the complaint first; those of its end, of updates and birthdays only if nothing else is there. */
export const datesFirst = (columns: readonly Column[]): Column[] => {
  const place = (c: Column) => {
    const rank = rankOf('occurredAt', c.folded);
    return (rank < 0 ? 500 : rank) + (LATER_DATE.test(c.folded) ? 1_000 : 0);
  };
  return columns.filter(isDates).sort((a, b) => place(a) - place(b));
};

export const percent = (share: number): string =>
  `${share > 0.99 && share < 1 ? 99 : Math.round(share * 100)} %`;
