import { type DateVerdict, dateWords } from './dates.js';
import { type Column, datesFirst, named } from './suggest-columns.js';

/** When the complaint was made, as a feed says it. */
export type WhenChoice = {
  readonly date: Column;
  readonly time?: Column;
  /** For `dates.format`; `auto` where only a person can say. */
  readonly format: readonly string[] | 'auto';
  readonly timeFormat?: string;
  readonly evidence: string;
  /** Times carry an offset, so that the zone does not matter. */
  readonly offsets: boolean;
  readonly doubts: readonly string[];
};

const OFFSET = /(?:z|[+-]\d{2}:?\d{2})$/i;

/** A proposal may leave some rows to quarantine: a person looks at it. */
const NEARLY = 0.9;
const written = (format: string): string => `format: ${JSON.stringify(format)}`;

function formatOf({ name, dates }: Column): Pick<WhenChoice, 'format' | 'evidence' | 'doubts'> {
  const verdict: DateVerdict = dates ?? { kind: 'empty' };
  const evidence = dateWords(verdict);
  const about = `"${name}": ${evidence}.`;
  const open = (say: string) => ({
    format: 'auto' as const,
    evidence: 'see the question',
    doubts: [`${about} ${say}`],
  });
  switch (verdict.kind) {
    case 'decided':
      return { format: [verdict.format], evidence, doubts: [] };
    case 'ambiguous': {
      const choices = verdict.candidates.map((c) => written(c.format)).join(' or ');
      return open(`Ask the sender, then write ${choices}; until then an import is refused.`);
    }
    case 'mixed_order': {
      const { format, other } = verdict.doubt;
      const both = `format: ${JSON.stringify([other, format])}`;
      return open(
        `If so write ${both}, which is tried in order; if not, ${written(format)}. Until then an import is refused.`,
      );
    }
    case 'no_format': {
      const [best] = verdict.best;
      if (best && best.rows >= verdict.rows * NEARLY)
        return {
          format: [best.format],
          evidence: `${best.rows} of ${verdict.rows} rows; the others would be quarantined as bad_date`,
          doubts: [about],
        };
      const list = JSON.stringify(verdict.best.map((b) => b.format));
      return open(`Write what it is; a list, like format: ${list}, is tried in order.`);
    }
    case 'empty':
      return { format: 'auto', evidence, doubts: [] };
  }
}

/** The date of the complaint and, where it stands apart, its time of day. */
export function chooseWhen(columns: readonly Column[]): WhenChoice | undefined {
  const [date, second] = datesFirst(columns);
  if (!date) return undefined;
  const said = formatOf(date);
  const more =
    second && second !== date ? [`"${second.name}" holds dates too; "${date.name}" was taken.`] : [];
  const bare = said.format === 'auto' || said.format.every((f) => f === 'iso' || !/[Hh]/.test(f));
  const hasTime = date.sample.some((cell) => cell.includes(':'));
  const times = columns.filter((c) => c.timeFormat !== undefined);
  const time =
    bare && !hasTime
      ? (named(times, 'occurredTime')[0] ?? (times.length === 1 ? times[0] : undefined))
      : undefined;
  const offsets =
    date.sample.length > 0 && date.sample.every((cell) => OFFSET.test(cell) && cell.includes(':'));
  if (!time?.timeFormat) return { date, ...said, offsets, doubts: [...said.doubts, ...more] };
  const iso = said.format !== 'auto' && said.format[0] === 'iso';
  return {
    date,
    time,
    ...said,
    ...(iso ? { format: ['YYYY-MM-DD'] } : {}),
    timeFormat: time.timeFormat,
    offsets: false,
    doubts: [...said.doubts, ...more],
  };
}
