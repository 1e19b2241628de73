import { type Column, isDates, named, percent } from './suggest-columns.js';

export type TextChoice =
  | { readonly column: Column; readonly evidence: string; readonly doubt?: string }
  | { readonly problem: string };

/** Marks, labels, numbers and dates are no complaint, whatever their heading says. */
function isProse(column: Column): boolean {
  if (isDates(column) || column.timeFormat !== undefined || column.phones > 0.5 || column.emails > 0.5)
    return false;
  if (column.characters < 4 || column.profile.kinds.number * 2 > column.profile.looked) return false;
  // A handful of values again and again is a label; a small file has no rows to show that.
  return column.counted < 20 || column.distinct * 5 >= column.counted;
}

/** How much free text a column holds: length counts, if there are words and they differ. */
const prose = (column: Column): number =>
  column.blanks < 0.5 || column.different < 0.5 ? 0 : column.characters;

const looks = (column: Column): string =>
  `${Math.round(column.characters)} characters and ${Math.round(column.words)} words on average, ${percent(column.different)} different`;

/** The column of the customer's words, by its heading, else by what stands in it. */
export function chooseText(columns: readonly Column[]): TextChoice {
  const candidates = columns.filter(isProse);
  const byProse = [...candidates].sort((a, b) => prose(b) - prose(a));
  const [longest, second] = byProse;
  const byName = named(candidates, 'text');
  const [first, other] = byName;
  if (first) {
    const evidence = `named so; ${looks(first)}`;
    if (longest && longest !== first && prose(longest) > 2 * first.characters && prose(longest) > 40)
      return { column: first, evidence, doubt: `"${longest.name}" holds longer text (${looks(longest)}).` };
    return other
      ? { column: first, evidence, doubt: `"${other.name}" could be the text too (${looks(other)}).` }
      : { column: first, evidence };
  }
  // Any text file is a table of one column: without a name nothing says that it is one of complaints.
  if (columns.length === 1)
    return { problem: 'The file has one column, and its heading does not say that it is the complaint.' };
  if (!longest || prose(longest) < 12)
    return {
      problem:
        'No column looks like the text of complaints: words, mostly different, more than a few characters.',
    };
  const evidence = `no heading says so; the longest text: ${looks(longest)}`;
  return second && prose(second) * 2 > prose(longest)
    ? { column: longest, evidence, doubt: `"${second.name}" looks like text too (${looks(second)}).` }
    : { column: longest, evidence };
}
