import { profileOf } from '../../src/staging/drift.js';

export const HEADINGS = ['id', 'phone', 'complaint', 'opened', 'status', 'city'];
export const STATUSES = ['Open', 'Closed', 'Pending'];
export const CITIES = ['Lagos', 'Aba', 'Kano', 'Jos', 'Enugu'];
export const two = (n: number): string => String(n).padStart(2, '0');

/** A call-centre file of `n` rows; `change` makes one of its cells another. */
export function file(
  n: number,
  { headings = HEADINGS, change = (_heading: string, cell: string, _row: number) => cell } = {},
) {
  const rows = Array.from({ length: n }, (_, i) => {
    const row: Record<string, string> = {
      id: `CC-${110_000 + i}`,
      phone: `0803${String(1_000_000 + i * 37).slice(0, 7)}`,
      complaint: `No network at home since ${i} days, calls drop and nobody ${'calls back '.repeat(i % 4)}`,
      opened: `${two((i % 28) + 1)}/${two((i % 12) + 1)}/2026 09:${two(i % 60)}`,
      status: STATUSES[i % 3] as string,
      city: CITIES[i % 5] as string,
    };
    return HEADINGS.map((h) => change(h, row[h] as string, i));
  });
  return profileOf(headings, rows);
}
export const only = (heading: string, make: (cell: string, row: number) => string) => ({
  change: (h: string, cell: string, row: number) => (h === heading ? make(cell, row) : cell),
});
export const renamed = (from: string, to: string) => HEADINGS.map((h) => (h === from ? to : h));
