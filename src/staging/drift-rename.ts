import { nearest } from '../complaint/nearest.js';
import { CELL_KINDS, type ColumnProfile } from './drift-column.js';
import { DRIFT } from './drift-thresholds.js';

export type Rename = { readonly from: ColumnProfile; readonly to: ColumnProfile; readonly because: string };

/** A heading without case, blanks, punctuation and accents. */
export const foldHeading = (heading: string): string =>
  heading
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const emptyShare = ({ rows, filled }: ColumnProfile): number => (rows === 0 ? 0 : 1 - filled / rows);
const near = (a: number, b: number, factor: number): boolean =>
  Math.max(a, b) <= Math.max(2, Math.min(a, b)) * factor;

/** Distance of what stands in two columns, 0 to 1: half the sum of the differences of the shares of the kinds. */
const kindsApart = (a: ColumnProfile, b: ColumnProfile): number =>
  CELL_KINDS.reduce(
    (sum, kind) => sum + Math.abs(a.kinds[kind] / a.looked - b.kinds[kind] / b.looked) / 2,
    0,
  );

/** Share of the values of the column with fewer of them which the other has too. */
function commonValues(a: ColumnProfile, b: ColumnProfile): number {
  const least = Math.min(a.values.length, b.values.length);
  return least === 0 ? 0 : a.values.filter((v) => b.values.includes(v)).length / least;
}

function alike(a: ColumnProfile, b: ColumnProfile): boolean {
  if (a.filled < DRIFT.leastCells || b.filled < DRIFT.leastCells) return false;
  return (
    kindsApart(a, b) <= DRIFT.sameKinds &&
    Math.abs(emptyShare(a) - emptyShare(b)) <= DRIFT.sameNulls &&
    near(a.length.p50, b.length.p50, DRIFT.sameLength) &&
    near(a.length.p95, b.length.p95, DRIFT.sameLength) &&
    // A column of few values becomes no column of many.
    (a.values.length === 0) === (b.values.length === 0)
  );
}

function because(from: ColumnProfile, to: ColumnProfile, alone: boolean): string | undefined {
  if (foldHeading(from.name) !== '' && foldHeading(from.name) === foldHeading(to.name))
    return 'the same name, written otherwise';
  if (!alike(from, to)) return undefined;
  if (commonValues(from, to) >= DRIFT.sameValues) return 'the same kinds of cells and the same values';
  if (from.values.length > 0) return undefined;
  if (nearest(foldHeading(from.name), [foldHeading(to.name)]) !== undefined)
    return 'a similar name and similar cells';
  return alone ? 'similar cells, and no other column went or came' : undefined;
}

/** Missing columns that are there under another name; where more than one pair is possible, none is taken. */
export function renamesOf(missing: readonly ColumnProfile[], added: readonly ColumnProfile[]): Rename[] {
  const alone = missing.length === 1 && added.length === 1;
  const possible = missing.flatMap((from) =>
    added.flatMap((to) => {
      const reason = because(from, to, alone);
      return reason === undefined ? [] : [{ from, to, because: reason }];
    }),
  );
  return possible.filter(
    (r) =>
      possible.filter((o) => o.from === r.from).length === 1 &&
      possible.filter((o) => o.to === r.to).length === 1,
  );
}
