import type { Facts } from './facts.js';
import type { Bench, Outcome, Row, Spread } from './harness.js';

/** Three digits are as much as a few rounds can tell. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (size >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

const spread = ({ median, min, max }: Spread): string => `${shown(median)} (${shown(min)}-${shown(max)})`;

function lineOf({ name, unit, ours, rival, ratio }: Row): string[] {
  return [name, unit, spread(ours), rival.name, spread(rival), spread(ratio)];
}

const HEADINGS = ['row', 'unit', 'ours', 'against', 'rival or limit', 'ratio'];

/** A Markdown table whose columns stand under each other. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(lineOf);
  const widths = HEADINGS.map((h, i) => Math.max(h.length, ...lines.map((l) => (l[i] as string).length)));
  const lay = (cells: readonly string[], fill = ' ') =>
    `|${cells.map((cell, i) => ` ${cell.padEnd(widths[i] as number, fill)} `).join('|')}|`;
  return [
    lay(HEADINGS),
    lay(
      HEADINGS.map(() => ''),
      '-',
    ),
    ...lines.map((l) => lay(l)),
  ].join('\n');
}

export const factsLine = (f: Facts, rounds: number, scale: number): string =>
  [
    `${f.date} UTC, Redress ${f.redress}`,
    `${f.cores} cores (${f.cpu}), ${f.memoryGiB} GiB`,
    `${f.system}, glibc ${f.glibc}, Node ${f.node}`,
    `load before ${shown(f.loadBefore)}`,
    `rounds ${rounds}${scale === 1 ? '' : `, sizes x ${scale}`}`,
  ].join('; ');

export function sectionOf({ name, what }: Bench, { rows, notes }: Outcome): string {
  return `### ${name}: ${what}\n\n${tableOf(rows)}\n\n${notes.map((n) => `- ${n}`).join('\n')}\n`;
}
