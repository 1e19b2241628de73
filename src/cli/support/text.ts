/** What a terminal would obey or what would change the order of its text; complaints can hold anything. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** On one line, with nothing in it that a terminal obeys. */
export const clean = (text: string): string => text.replace(UNSAFE, ' ').trim();

/** At most `length` characters. */
export function cut(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

/** `2026-11-25 09:30:12Z` */
export const time = (date: Date | undefined): string =>
  date ? `${date.toISOString().slice(0, 19).replace('T', ' ')}Z` : '';

export const count = (n: number): string => n.toLocaleString('en');

/** `3 rows`, `1 row` */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** `a 3, b 1`; `none` of nothing. */
export const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, n]) => `${name} ${count(n)}`)
    .join(', ') || 'none';

/** Columns as wide as their widest cell; columns of numbers stand to the right. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? count(cell) : clean(cell))));
  const columns = headings.map((heading, i) => {
    const column = cells.map((row) => row[i] ?? '');
    return {
      width: Math.max(heading.length, ...column.map((c) => c.length)),
      right: column.length > 0 && rows.every((row) => typeof row[i] === 'number'),
    };
  });
  const line = (row: readonly string[]) =>
    columns
      .map(({ width, right }, i) => (right ? (row[i] ?? '').padStart(width) : (row[i] ?? '').padEnd(width)))
      .join('  ')
      .trimEnd();
  return [headings, ...cells].map(line).join('\n');
}

/** Names and values, one a line; what has no value is left out. */
export function pairs(rows: readonly (readonly [string, string | undefined])[], indent = '  '): string {
  const shown = rows.filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${indent}${name.padEnd(width)}  ${clean(value as string)}`).join('\n');
}
