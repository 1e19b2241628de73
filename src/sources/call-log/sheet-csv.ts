/** A cell as read-excel-file gives it; numbers as the text they are stored as. */
export type SheetCell = string | number | boolean | Date | null | undefined;

const DAY_MS = 86_400_000;
/** Excel counts days from here: what lies before the second day is a time without a day. */
const FIRST_DAY = Date.UTC(1899, 11, 30);

function timeOf(date: Date): string {
  const at = Math.round(date.getTime() / 1_000) * 1_000; // days are stored as fractions, which are a little off
  const iso = new Date(at).toISOString();
  const time = iso.slice(11, 19);
  if (at < FIRST_DAY + 2 * DAY_MS) return time;
  return time === '00:00:00' ? iso.slice(0, 10) : iso.slice(0, 19);
}

/** Ids of many digits are stored as 2.348031234567E+12. */
function digitsOf(text: string): string {
  if (!/^-?\d+(\.\d+)?E\+?\d{1,2}$/i.test(text)) return text;
  const value = Number(text);
  return Number.isInteger(value) ? BigInt(value).toString() : text;
}

/** A number cell and a text cell that looks like one are not told apart: both keep what can be seen of them. */
function textOf(cell: SheetCell): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : timeOf(cell);
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  return digitsOf(String(cell));
}

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** A sheet as CSV with commas, one row a line but for line breaks in cells. */
export const csvOfSheet = (rows: readonly (readonly SheetCell[])[]): string =>
  rows.map((row) => `${row.map((cell) => quote(textOf(cell))).join(',')}\n`).join('');
