import { pad, width } from './width.js';

/** A table as lines; numbers stand right, zeros are a dot so that the others are seen. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  bold: (text: string) => string,
): string[] {
  const shown = rows.map((row) => row.map((cell) => (cell === 0 ? '·' : String(cell))));
  const numeric = headings.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  const widths = headings.map((h, i) => Math.max(width(h), ...shown.map((row) => width(row[i] ?? ''))));
  const lay = (cells: readonly string[]) =>
    cells.map((cell, i) => pad(cell, widths[i] ?? 0, numeric[i] ? 'left' : 'right')).join('  ');
  return [bold(lay(headings)), ...shown.map(lay)];
}

/** Two blocks of lines next to each other if `columns` has room for both, else one below the other. */
export function beside(
  left: readonly string[],
  right: readonly string[],
  columns: number,
  plain: (styled: string) => string,
): string[] {
  const leftWidth = Math.max(...left.map((l) => width(plain(l))));
  const rightWidth = Math.max(...right.map((r) => width(plain(r))));
  if (leftWidth + 4 + rightWidth > columns) return [...left, '', ...right];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const line = left[i] ?? '';
    return `${line}${' '.repeat(leftWidth - width(plain(line)))}    ${right[i] ?? ''}`.trimEnd();
  });
}
