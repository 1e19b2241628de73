import { z } from 'zod';
import { MAPPABLE, type Mappable } from '../complaint/aligned.js';
import { formatProblem } from '../complaint/times.js';
import { Zone } from './places.js';
import { closed, line, oneOrMany } from './schemas.js';

/** How the rows of this feed's files are told apart; see law 4 in docs/DESIGN.md. */
export type Identity =
  /** The sender's own id: the cells of these columns. */
  | { readonly kind: 'columns'; readonly columns: readonly string[] }
  /** All cells, and how many identical rows came before in the file. */
  | { readonly kind: 'content' }
  /** File and row number: the same file again is the same, a row moved is a new one. */
  | { readonly kind: 'position' };

/** How a row tells when: the cells of `columns`, trimmed and joined with one space, go to `parseMoment` as they are. */
export type Moments = {
  readonly columns: readonly string[];
  /** Tried in order. Empty: `auto`, decided for each file from all its rows (`RawFormat.dateFormat`). */
  readonly format: readonly string[];
  readonly zone: string;
};

const Column = line(256);
const AUTO = 'auto';
const Format = line(60).superRefine((pattern, context) => {
  const problem = pattern === AUTO ? undefined : formatProblem(pattern);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});
const Formats = oneOrMany(Format, 5)
  .refine((formats) => formats.length === 1 || !formats.includes(AUTO), 'has auto beside other formats')
  .transform((formats) => formats.filter((format) => format !== AUTO));

export const Dates = closed({
  format: Formats.optional(),
  timeFormat: line(30).optional(),
  zone: Zone.optional(),
});
type Dates = z.output<typeof Dates>;

export const IdentitySchema = z.unknown().transform((value, context): Identity => {
  if (value === 'content' || value === 'position') return { kind: value };
  const said = closed({ columns: oneOrMany(Column, 10) }).safeParse(value);
  if (said.success) return { kind: 'columns', columns: said.data.columns };
  context.addIssue({ code: 'custom', message: 'must be content, position, or columns: [...]' });
  return z.NEVER;
});

const OccurredAt = z.preprocess(
  (value) => (typeof value === 'string' ? { column: value } : value),
  closed({ column: Column, format: Formats.optional() }),
);

/** Only a place may be spread over columns: any other field from two columns would be a guess about order. */
const target = (name: Mappable) =>
  name === 'occurredAt' ? OccurredAt : name === 'place' ? oneOrMany(Column, 10) : Column;

type Targets = { [M in Mappable]: z.ZodOptional<z.ZodType<TargetOf<M>>> };
type TargetOf<M> = M extends 'occurredAt'
  ? z.output<typeof OccurredAt>
  : M extends 'place'
    ? string[]
    : string;
export const Mapping = closed(
  Object.fromEntries(MAPPABLE.map((name) => [name, target(name).optional()])) as unknown as Targets,
);
type Mapping = z.output<typeof Mapping>;

type Trouble = { readonly path: readonly string[]; readonly problem: string };
type Mapped = {
  readonly columns: Readonly<Partial<Record<Mappable, readonly string[]>>>;
  readonly moments?: Moments;
  readonly problems: readonly Trouble[];
};

/** A mapping in the shape the aligner wants, or what does not go together in it. */
export function mappingOf(mapping: Mapping, dates: Dates | undefined, zone: string): Mapped {
  const { occurredAt, occurredDate, occurredTime, ...fields } = mapping;
  const problems = [...clashes(mapping, dates)];
  const columns = Object.fromEntries(
    Object.entries(fields).map(([name, said]) => [name, typeof said === 'string' ? [said] : said]),
  );
  if (problems.length > 0) return { columns, problems };
  if (occurredAt !== undefined) {
    const format = occurredAt.format ?? dates?.format ?? ['iso'];
    return { columns, problems, moments: { columns: [occurredAt.column], format, zone } };
  }
  if (occurredDate === undefined) return { columns, problems };
  const days = dates?.format ?? [];
  return occurredTime === undefined
    ? { columns, problems, moments: { columns: [occurredDate], format: days, zone } }
    : {
        columns,
        problems,
        moments: {
          columns: [occurredDate, occurredTime],
          format: days.map((d) => `${d} ${dates?.timeFormat}`),
          zone,
        },
      };
}

function* clashes(mapping: Mapping, dates: Dates | undefined): Generator<Trouble> {
  const { occurredAt, occurredDate, occurredTime, text } = mapping;
  const at = (...path: string[]) => path;
  if (text === undefined) yield { path: at('mapping'), problem: 'maps no column to `text`.' };
  if (occurredAt && (occurredDate ?? occurredTime) !== undefined) {
    yield {
      path: at('mapping', 'occurredAt'),
      problem: 'stands beside occurredDate or occurredTime: keep one way.',
    };
  }
  if (occurredTime !== undefined && occurredDate === undefined) {
    yield { path: at('mapping', 'occurredTime'), problem: 'needs occurredDate too.' };
  }
  if (occurredDate !== undefined && dates?.format === undefined) {
    yield { path: at('mapping', 'occurredDate'), problem: 'needs dates.format, like DD-MM-YY.' };
  }
  const auto = dates?.format?.length === 0;
  if (auto && dates.timeFormat !== undefined) {
    yield {
      path: at('dates', 'timeFormat'),
      problem: 'stands beside format: auto, which finds the time too.',
    };
  } else if (!auto && (occurredTime === undefined) !== (dates?.timeFormat === undefined)) {
    yield { path: at('dates'), problem: 'must have timeFormat exactly if occurredTime is mapped.' };
  }
  if (occurredTime !== undefined && dates?.timeFormat !== undefined) {
    const joined = (dates.format ?? []).map((d) => formatProblem(`${d} ${dates.timeFormat}`)).find((p) => p);
    if (joined !== undefined) yield { path: at('dates', 'timeFormat'), problem: `${joined}.` };
  }
}
