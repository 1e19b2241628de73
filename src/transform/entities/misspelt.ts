import { type Gazetteer, SHORTEST_MISSPELT } from './gazetteer.js';

/** Whether two words differ by one letter more, less or other, or by two neighbours that changed places. */
export function oneEditApart(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  let i = 0;
  while (i < short.length && short[i] === long[i]) i++;
  if (short.length < long.length) return short.slice(i) === long.slice(i + 1);
  if (short.slice(i + 1) === long.slice(i + 1)) return true;
  const swapped = short[i] === long[i + 1] && short[i + 1] === long[i];
  return swapped && short.slice(i + 2) === long.slice(i + 2);
}

/**
 * The one name that a word misspells, or undefined: also where two names are as near. One edit in a name of six
 * letters or more leaves its first or its last three whole (save a swap across the middle of six), so that only the
 * names that share these are compared.
 */
export function misspelt(word: string, { byEnds, notMisspellings }: Gazetteer): string | undefined {
  if (word.length < SHORTEST_MISSPELT - 1 || notMisspellings.has(word)) return undefined;
  let found: string | undefined;
  for (const end of [`${word.slice(0, 3)}-`, `-${word.slice(-3)}`]) {
    for (const name of byEnds.get(end) ?? []) {
      if (name === found || !oneEditApart(word, name)) continue;
      if (found !== undefined) return undefined;
      found = name;
    }
  }
  return found;
}
