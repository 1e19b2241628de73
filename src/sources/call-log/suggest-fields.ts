import type { Mappable } from '../../complaint/aligned.js';
import { type Column, isDates, isEmpty, named, percent } from './suggest-columns.js';
import { maskedEmail, maskedPhone } from './suggest-mask.js';
import { type NamedField, STATUS_WORD } from './suggest-names.js';

export type Choice = {
  readonly field: Mappable;
  readonly columns: readonly string[];
  readonly evidence: string;
  readonly doubt?: string;
};

/** Columns that are left, with what was chosen so far. */
export type Pool = { readonly free: Column[]; readonly chosen: Choice[] };

const take = (pool: Pool, field: Mappable, column: Column, evidence: string, doubt?: string): void => {
  pool.free.splice(pool.free.indexOf(column), 1);
  pool.chosen.push({ field, columns: [column.name], evidence, ...(doubt === undefined ? {} : { doubt }) });
};
/** Marks of yes and no, and print-outs of objects, fill no field, whatever their heading says. */
const usable = (column: Column): boolean =>
  !isEmpty(column) && !/^(?:\w+\(|[{[])/.test(column.sample[0] ?? '') && column.characters <= 200;

/** Digits, whether or not a numbering plan knows them. */
const isNumeric = ({ profile: { kinds, looked }, sample }: Column): boolean =>
  kinds.number + kinds.phone >= looked * 0.8 || sample.every((cell) => /^[\d\s().+-]{7,}$/.test(cell));

function phone(pool: Pool): void {
  const [byName] = named(
    pool.free.filter((c) => !isEmpty(c) && (c.phones >= 0.3 || isNumeric(c))),
    'msisdn',
  );
  const valid = pool.free
    .filter((c) => c.phones >= 0.8 && !isDates(c) && !/agent|staff|csr/.test(c.folded))
    .sort((a, b) => b.phones - a.phones);
  const column = byName ?? (valid.length === 1 ? valid[0] : undefined);
  if (!column) return;
  const example = maskedPhone(column.sample[0] ?? '');
  const evidence = `${byName ? 'named so; ' : ''}${percent(column.phones)} are valid numbers, like ${example}`;
  const doubt =
    column.phones < 0.8
      ? `only ${percent(column.phones)} of "${column.name}" are valid phone numbers here: is \`region\` right?`
      : undefined;
  take(pool, 'msisdn', column, evidence, doubt);
}

function email(pool: Pool): void {
  const [byName] = named(
    pool.free.filter((c) => c.emails > 0),
    'email',
  );
  const column = byName ?? pool.free.find((c) => c.emails >= 0.8);
  if (!column) return;
  const example = column.sample.find((cell) => cell.includes('@')) ?? '';
  take(pool, 'email', column, `${percent(column.emails)} are addresses, like ${maskedEmail(example)}`);
}

/** Every row has one and no two the same: short, without blanks, no phone and no date. */
const isKey = (c: Column): boolean =>
  c.counted >= 10 &&
  c.filled === 1 &&
  c.different === 1 &&
  c.characters <= 40 &&
  c.blanks < 0.1 &&
  !isDates(c) &&
  c.phones < 0.5 &&
  c.emails < 0.5 &&
  c.timeFormat === undefined;

const repeats = (c: Column): string =>
  c.different === 1
    ? `no two the same in ${c.counted.toLocaleString('en')} rows`
    : `${(c.counted - c.distinct).toLocaleString('en')} of ${c.counted.toLocaleString('en')} rows repeat one`;

function reference(pool: Pool): void {
  const keys = pool.free.filter(isKey);
  const byName = named(pool.free.filter(usable), 'sourceRef').find((c) => c.different > 0.5);
  const column = byName ?? (keys.length === 1 ? keys[0] : undefined);
  if (!column) return;
  const doubt =
    byName && keys.length > 0 && !keys.includes(byName)
      ? `"${keys[0]?.name}" has no repetition at all: is it the sender's id?`
      : undefined;
  take(
    pool,
    'sourceRef',
    column,
    `${byName ? 'named so; ' : ''}${repeats(column)}, ${percent(column.filled)} filled`,
    doubt,
  );
}

function status(pool: Pool): void {
  const few = pool.free.filter((c) => c.values !== undefined && !isEmpty(c) && !isDates(c));
  const words = (c: Column) =>
    [...(c.values ?? [])].filter(([v]) => STATUS_WORD.test(v)).length / (c.values?.size ?? 1);
  const [byName] = named(few, 'sourceStatus').filter((c) => c.folded !== 'state' || words(c) >= 0.5);
  const column = byName ?? few.find((c) => words(c) >= 0.6);
  if (column)
    take(
      pool,
      'sourceStatus',
      column,
      `${byName ? 'named so; ' : ''}${column.values?.size} different values`,
    );
}

function place(pool: Pool): void {
  const [column] = named(
    pool.free.filter((c) => usable(c) && !isDates(c)),
    'place',
  );
  if (!column) return;
  take(pool, 'place', column, 'named so');
  const state = pool.free.find((c) => c.folded === 'state' && usable(c));
  if (!state || column.folded === 'state') return;
  pool.free.splice(pool.free.indexOf(state), 1);
  pool.chosen[pool.chosen.length - 1] = {
    field: 'place',
    columns: [column.name, state.name],
    evidence: 'named so; joined with ", "',
  };
}

function byName(
  pool: Pool,
  field: NamedField & Mappable,
  fits: (c: Column) => boolean,
  tell: (c: Column) => string,
): void {
  const [column, other] = named(
    pool.free.filter((c) => usable(c) && fits(c)),
    field,
  );
  if (!column) return;
  const doubt = other ? `"${other.name}" could be ${field} too.` : undefined;
  take(pool, field, column, `named so; ${tell(column)}`, doubt);
}

const few = (c: Column): boolean => c.values !== undefined || c.different < 0.2;
const values = (c: Column): string =>
  c.values ? `${c.values.size} different values` : `${percent(c.different)} different`;

/** Gives every other field at most one column; each takes it out of the pool. Order matters: surest first. */
export function chooseFields(pool: Pool): void {
  phone(pool);
  email(pool);
  reference(pool);
  status(pool);
  place(pool);
  byName(pool, 'channel', (c) => few(c) && !isDates(c), values);
  byName(
    pool,
    'account',
    (c) => c.different > 0.1 && c.blanks < 0.2,
    (c) => `${percent(c.different)} different`,
  );
  byName(
    pool,
    'handle',
    (c) => c.blanks < 0.2,
    (c) => `${percent(c.different)} different`,
  );
  byName(
    pool,
    'conversationRef',
    (c) => c.blanks < 0.2,
    (c) => `${percent(c.different)} different`,
  );
  byName(pool, 'sourceCategory', few, values);
  byName(pool, 'agentRef', () => true, values);
  byName(pool, 'customerTier', few, values);
  byName(pool, 'languageHint', few, values);
  byName(
    pool,
    'media',
    (c) => c.sample.some((cell) => /^https?:/.test(cell)),
    () => 'links',
  );
}
