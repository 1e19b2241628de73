import { RedressError } from '../../complaint/errors.js';
import { DATE_FORMATS, type Numbers, readingsOf } from './dates-candidates.js';
import { createOrder, type OrderDoubt } from './dates-order.js';

export type Fit = { readonly format: string; readonly rows: number };

/** What the times of one file are written in. `rows` have a time at all. Counts only: no value of the file. */
export type DateVerdict =
  | { readonly kind: 'empty' }
  /** `unfit` rows are written otherwise; they are quarantined as bad_date. */
  | { readonly kind: 'decided'; readonly format: string; readonly rows: number; readonly unfit: number }
  /** All of `candidates` could be meant; for `differing` rows that is another instant. */
  | {
      readonly kind: 'ambiguous';
      readonly rows: number;
      readonly candidates: readonly Fit[];
      readonly differing: number;
    }
  /** One format fits, but the rows that decide it and the others do not look like one format. */
  | { readonly kind: 'mixed_order'; readonly rows: number; readonly doubt: OrderDoubt }
  /** No format fits (nearly) all rows; the best ones, which may be none. */
  | { readonly kind: 'no_format'; readonly rows: number; readonly best: readonly Fit[] };

export type DateDecider = {
  /** One row's time: the cells of the columns, trimmed and joined with one space. Empty ones do not count. */
  add(text: string): void;
  finish(): DateVerdict;
};

/** Rows that may be written otherwise: one in a hundred, and one typing error in a small file. */
const allowedUnfit = (rows: number): number => (rows < 20 ? 0 : Math.max(1, Math.floor(rows / 100)));

/**
 * Decides the format of a column for a whole file, from every row: it keeps counts per format of a closed list, and no
 * values. Never guesses: where several formats fit and mean different instants, that is the verdict. `numbers`: which
 * plain numbers may be times.
 */
export function createDateDecider(numbers: Numbers): DateDecider {
  const fits = new Map<string, number>();
  const order = createOrder();
  let rows = 0;
  return {
    add(text) {
      const trimmed = text.trim();
      if (trimmed === '') return;
      rows += 1;
      const readings = readingsOf(trimmed, numbers);
      for (const { format } of readings) fits.set(format, (fits.get(format) ?? 0) + 1);
      order.add(readings);
    },
    finish() {
      if (rows === 0) return { kind: 'empty' };
      const ranked = [...fits]
        .map(([format, n]): Fit => ({ format, rows: n }))
        .sort((a, b) => b.rows - a.rows || DATE_FORMATS.indexOf(a.format) - DATE_FORMATS.indexOf(b.format));
      const best = ranked[0];
      // Where one fits every row, another that fits nearly all of them is out.
      const least = best?.rows === rows ? rows : rows - allowedUnfit(rows);
      const fitting = ranked.filter((f) => f.rows >= least);
      if (!best || fitting.length === 0) return { kind: 'no_format', rows, best: ranked.slice(0, 3) };
      const differing = Math.max(0, ...fitting.map((f) => order.differing(best.format, f.format)));
      if (differing > 0) return { kind: 'ambiguous', rows, candidates: fitting, differing };
      const doubt = order.doubt(best.format);
      if (doubt) return { kind: 'mixed_order', rows, doubt };
      return { kind: 'decided', format: best.format, rows, unfit: rows - best.rows };
    },
  };
}

const counted = (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'row' : 'rows'}`;
const listed = (fits: readonly Fit[]): string =>
  fits.map(({ format, rows }) => `${format} (${counted(rows)})`).join(', ');

/** One sentence or two about a verdict; names formats and counts, never a value. */
export function dateWords(verdict: DateVerdict): string {
  switch (verdict.kind) {
    case 'empty':
      return 'no row has a time';
    case 'decided':
      return verdict.unfit === 0
        ? `all ${counted(verdict.rows)} are ${verdict.format}`
        : `${verdict.format} fits all but ${counted(verdict.unfit)} of ${verdict.rows.toLocaleString('en')}, which would be quarantined as bad_date`;
    case 'ambiguous':
      return `${listed(verdict.candidates)} all fit, and for ${counted(verdict.differing)} they mean different days`;
    case 'mixed_order': {
      const { format, other, alone, outside, shared } = verdict.doubt;
      return `${counted(alone)} can only be ${format}, but ${outside.toLocaleString('en')} of the ${counted(shared)} that could also be ${other} lie in months where none of those is, and nearly none do if read as ${other}: the column seems to hold both`;
    }
    case 'no_format':
      return verdict.best.length === 0
        ? `none of the ${counted(verdict.rows)} is written in a format that is known here`
        : `no format fits all ${counted(verdict.rows)}; the nearest are ${listed(verdict.best)}`;
  }
}

/** What may be declared to resolve a verdict. */
export function formatsToDeclare(verdict: DateVerdict): readonly string[] {
  if (verdict.kind === 'ambiguous') return verdict.candidates.map((c) => c.format);
  if (verdict.kind === 'mixed_order') return [verdict.doubt.format, verdict.doubt.other];
  if (verdict.kind === 'no_format') return verdict.best.map((b) => b.format);
  return verdict.kind === 'decided' ? [verdict.format] : [];
}

/**
 * The format of a file whose feed says `dates.format: auto`; undefined if no row has a time. Throws RedressError
 * `dates_ambiguous` (several could be meant) or `dates_no_format`: nothing of the file may then be imported.
 */
export function decidedFormat(
  verdict: DateVerdict,
  { file, feed, columns }: { file: string; feed: string; columns: readonly string[] },
): string | undefined {
  if (verdict.kind === 'empty') return undefined;
  if (verdict.kind === 'decided') return verdict.format;
  const formats = formatsToDeclare(verdict);
  const problem = `${file}: the format of "${columns.join('" with "')}" can't be decided: ${dateWords(verdict)}.`;
  const say = formats.length === 0 ? '' : ` (${formats.join(' or ')})`;
  const several =
    verdict.kind === 'ambiguous'
      ? ''
      : ' Where a column holds several formats, a list of them is tried in order.';
  throw new RedressError(
    'import',
    verdict.kind === 'no_format' ? 'dates_no_format' : 'dates_ambiguous',
    problem,
    `Ask the sender, then declare \`dates.format\` of feed ${feed} in config/sources.yaml${say}.${several}`,
  );
}
