import { CELL_KINDS, type CellKind, type ColumnProfile } from './drift-column.js';
import type { Profile } from './drift-profile.js';
import { renamesOf } from './drift-rename.js';
import { DRIFT } from './drift-thresholds.js';

export const DRIFT_KINDS = [
  'new_column',
  'missing_column',
  'renamed_column',
  'type_change',
  'date_format_change',
  'nulls_jump',
  'length_jump',
  'duplicated_heading',
] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

/** One difference between a run and the one before it of the same feed. */
export type Drift = {
  readonly kind: DriftKind;
  /** As it is called now. */
  readonly column: string;
  /** As it was called, where that is another name. */
  readonly was?: string;
  /** Counts, shares and formats; never a value. */
  readonly detail: string;
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const emptyShare = ({ rows, filled }: ColumnProfile): number => (rows === 0 ? 0 : 1 - filled / rows);
const share = (column: ColumnProfile, kind: CellKind): number =>
  column.looked === 0 ? 0 : column.kinds[kind] / column.looked;

function kindChange(was: ColumnProfile, is: ColumnProfile): Omit<Drift, 'column'> | undefined {
  const before = CELL_KINDS.find((kind) => share(was, kind) >= DRIFT.kindIs);
  if (before !== undefined && share(is, before) < DRIFT.kindWas) {
    const now = [...CELL_KINDS].sort((a, b) => share(is, b) - share(is, a))[0] as CellKind;
    const detail = `${before} in ${percent(share(was, before))} of its cells before, now in ${percent(share(is, before))}; now ${now} in ${percent(share(is, now))}`;
    return { kind: 'type_change', detail };
  }
  const dates = was.dates.length > 0 && is.dates.length > 0;
  if (!dates || was.dates.some((format) => is.dates.includes(format))) return undefined;
  return {
    kind: 'date_format_change',
    detail: `${was.dates.join(' or ')} before, now ${is.dates.join(' or ')}`,
  };
}

/** Share of empty cells; at least four standard errors, so that chance does not speak. */
function nullsJump(was: ColumnProfile, is: ColumnProfile): Omit<Drift, 'column'> | undefined {
  const [a, b] = [emptyShare(was), emptyShare(is)];
  const common = (a * was.rows + b * is.rows) / (was.rows + is.rows);
  const error = Math.sqrt(common * (1 - common) * (1 / was.rows + 1 / is.rows));
  if (Math.abs(a - b) < DRIFT.nullsBy || Math.abs(a - b) < DRIFT.nullsErrors * error) return undefined;
  return { kind: 'nulls_jump', detail: `empty in ${percent(a)} of the rows before, now in ${percent(b)}` };
}

/** Median, which a few long complaints do not move. */
function lengthJump(was: ColumnProfile, is: ColumnProfile): Omit<Drift, 'column'> | undefined {
  const [a, b] = [was.length.p50, is.length.p50];
  const far = Math.max(a, b) >= Math.min(a, b) * DRIFT.lengthFactor && Math.abs(a - b) >= DRIFT.lengthChars;
  return far ? { kind: 'length_jump', detail: `${a} characters in the middle before, now ${b}` } : undefined;
}

function changes(was: ColumnProfile, is: ColumnProfile): Drift[] {
  const name = { column: is.name };
  const found: (Omit<Drift, 'column'> | undefined)[] = [];
  if (was.rows >= DRIFT.leastCells && is.rows >= DRIFT.leastCells) found.push(nullsJump(was, is));
  if (was.filled >= DRIFT.leastCells && is.filled >= DRIFT.leastCells) {
    const kind = kindChange(was, is);
    // Another kind of content has another length too: one finding tells it.
    found.push(kind, kind ? undefined : lengthJump(was, is));
  }
  return found.flatMap((drift) => (drift ? [{ ...drift, ...name }] : []));
}

const by = (columns: readonly ColumnProfile[]) => new Map(columns.map((c) => [c.name, c]));

/**
 * What is different since the profile before; nothing where there is none but headings that stand twice. The order of
 * columns is no difference. Pure: equal profiles give no finding, and missing and new change places when they do.
 */
export function compareProfiles(before: Profile | undefined, now: Profile): Drift[] {
  const found: Drift[] = now.duplicated
    .filter((name) => !before?.duplicated.includes(name))
    .map((column) => ({
      kind: 'duplicated_heading',
      column,
      detail: 'stands more than once in the heading',
    }));
  if (!before) return found.slice(0, DRIFT.findings);
  const [was, is] = [by(before.columns), by(now.columns)];
  const missing = before.columns.filter((c) => !is.has(c.name));
  const added = now.columns.filter((c) => !was.has(c.name));
  const renames = renamesOf(missing, added);
  const [from, to] = [new Set(renames.map((r) => r.from)), new Set(renames.map((r) => r.to))];
  for (const { from: old, to: column, because } of renames)
    found.push({ kind: 'renamed_column', column: column.name, was: old.name, detail: because });
  for (const column of missing)
    if (!from.has(column))
      found.push({ kind: 'missing_column', column: column.name, detail: 'was there before' });
  for (const column of added)
    if (!to.has(column))
      found.push({
        kind: 'new_column',
        column: column.name,
        detail: `filled in ${percent(1 - emptyShare(column))} of the rows`,
      });
  for (const column of now.columns) {
    const old = was.get(column.name);
    if (old) found.push(...changes(old, column));
  }
  return found.slice(0, DRIFT.findings);
}
