const GRAM = 5;
/** Shorter normalised strings (a city, a status, "hello") are not messages that could leak. */
const LEAST = 12;

/** What stays of a message when its accidental parts are gone: NFKC, lower case, letters and single spaces. */
export const normalised = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/https?:\/\/\S+|www\.\S+/g, ' ')
    .replace(/@[\p{L}\p{N}_]+/gu, ' ')
    .replace(/[^\p{L}\p{M}]+/gu, ' ')
    .trim();

function grams(text: string): Set<string> {
  const found = new Set<string>();
  for (let i = 0; i + GRAM <= text.length; i++) found.add(text.slice(i, i + GRAM));
  return found;
}

/** Near-duplicate search by Jaccard similarity of the sets of character 5-grams of normalised texts. */
export class Resemblance {
  private readonly holders = new Map<string, number[]>();
  private readonly sizes: number[] = [];
  private readonly same = new Map<string, number[]>();

  constructor(texts: readonly string[]) {
    texts.forEach((text, i) => {
      const clean = normalised(text);
      push(this.same, clean, i);
      const set = grams(clean);
      this.sizes.push(set.size);
      for (const gram of set) push(this.holders, gram, i);
    });
  }

  /** Numbers of the texts equal to the given one when normalised, or at least `least` similar; ascending. */
  like(text: string, least: number): number[] {
    const clean = normalised(text);
    const set = grams(clean);
    const shared = new Map<number, number>();
    for (const gram of set)
      for (const i of this.holders.get(gram) ?? []) shared.set(i, (shared.get(i) ?? 0) + 1);
    const found = new Set(this.same.get(clean) ?? []);
    for (const [i, both] of shared)
      if (both / (set.size + (this.sizes[i] ?? 0) - both) >= least) found.add(i);
    return [...found].sort((a, b) => a - b);
  }
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Numbers of the texts that equal or resemble (0.8) one of the others. */
export function resembling(texts: readonly string[], others: readonly string[]): Set<number> {
  const known = new Resemblance(texts);
  const found = new Set<number>();
  for (const other of others)
    if (normalised(other).length >= LEAST) for (const i of known.like(other, 0.8)) found.add(i);
  return found;
}
