/** Longest name of a column; a mapping can't name a longer one. */
const LONGEST = 256;

/** Control characters have no place in the name of a field: line breaks and NULs, with the blanks around them. */
const CONTROL = /[\s\p{Cc}]*\p{Cc}[\s\p{Cc}]*/gu;

/** Headings as they stand, dots and all; empty and repeated ones told apart by their 1-based position. */
export function headingsOf(cells: readonly string[]): string[] {
  const seen = new Set<string>();
  return cells.map((cell, i) => {
    const name = cell.replace(CONTROL, ' ').trim().slice(0, LONGEST).toWellFormed();
    let free = name;
    while (free === '' || seen.has(free)) free = `${free || 'column'}_${i + 1}`;
    seen.add(free);
    return free;
  });
}
