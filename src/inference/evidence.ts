import { NUMBER } from './features.js';
import type { HeadTable } from './weights.js';

const WORDS = 5;
const CHARS = 64;

/** A label whose choice is to be explained. */
export type Explained = { readonly table: HeadTable; readonly label: number };

/** How much a feature speaks for the label against the mean of the other labels, in nats. */
function weight({ table, label }: Explained, feature: number): number {
  let others = 0;
  const at = feature * table.labels;
  for (let c = 0; c < table.labels; c++) if (c !== label) others += table.given[at + c] ?? 0;
  return (table.given[at + label] ?? 0) - others / (table.labels - 1);
}

/**
 * Up to five words or pairs, as written in the text, that weighed most for the labels; the strongest first.
 * A word is left out when a pair with it is already there. Pairs are joined by one space, whatever stood between.
 */
export function evidenceOf(
  found: readonly { readonly feature: number; readonly key: string; readonly surface: string }[],
  explained: readonly Explained[],
): string[] {
  const ranked = found
    .filter(({ key, surface }) => !key.split(' ').includes(NUMBER) && surface.length <= CHARS)
    .map((f) => ({ ...f, weight: Math.max(...explained.map((e) => weight(e, f.feature))) }))
    .filter((f) => f.weight > 0)
    .sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
  const shown: string[] = [];
  const said = new Set<string>();
  for (const { key, surface } of ranked) {
    const stems = key.split(' ');
    if (stems.some((stem) => said.has(stem))) continue;
    for (const stem of stems) said.add(stem);
    shown.push(surface);
    if (shown.length === WORDS) break;
  }
  return shown;
}
