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
  private readonly numbers = new Map<string, number>();
  private readonly holders: number[][] = [];
  private readonly sets: ReadonlySet<number>[] = [];
  private readonly same = new Map<string, number[]>();

  constructor(texts: readonly string[]) {
    texts.forEach((text, i) => {
      const clean = normalised(text);
      const equal = this.same.get(clean);
      if (equal) equal.push(i);
      else this.same.set(clean, [i]);
      const set = new Set([...grams(clean)].map((gram) => this.numberOf(gram)));
      this.sets.push(set);
      for (const n of set) this.holders[n]?.push(i);
    });
  }

  private numberOf(gram: string): number {
    const known = this.numbers.get(gram);
    if (known !== undefined) return known;
    const n = this.holders.push([]) - 1;
    this.numbers.set(gram, n);
    return n;
  }

  /** Numbers of the texts equal to the given one when normalised, or at least `least` (over 0) similar; ascending. */
  like(text: string, least: number): number[] {
    const clean = normalised(text);
    const all = grams(clean);
    const found = new Set(this.same.get(clean) ?? []);
    const held = (n: number): readonly number[] => this.holders[n] ?? [];
    const set = [...all].map((gram) => this.numbers.get(gram)).filter((n) => n !== undefined);
    set.sort((a, b) => held(a).length - held(b).length);
    // Whoever is similar enough has `least` of all grams, so at least one of the rarest few; the unknown are the rarest.
    const few = Math.max(0, set.length - Math.ceil(least * all.size) + 1);
    const candidates = new Set(set.slice(0, few).flatMap(held));
    for (const i of candidates) {
      const other = this.sets[i] as ReadonlySet<number>;
      let both = 0;
      for (const n of set) if (other.has(n)) both += 1;
      if (both / (all.size + other.size - both) >= least) found.add(i);
    }
    return [...found].sort((a, b) => a - b);
  }
}

/** Least member of each text's cluster (union-find over texts at least `least` similar). */
export function clusters(texts: readonly string[], least: number): number[] {
  const parent = texts.map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] ?? at;
    parent[i] = at;
    return at;
  };
  const known = new Resemblance(texts);
  texts.forEach((text, i) => {
    for (const j of known.like(text, least)) {
      const [a, b] = [root(i), root(j)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  });
  return texts.map((_, i) => root(i));
}

/** Numbers of the texts that equal or resemble (0.8) one of the others. */
export function resembling(texts: readonly string[], others: readonly string[]): Set<number> {
  const known = new Resemblance(texts);
  const found = new Set<number>();
  for (const other of others)
    if (normalised(other).length >= LEAST) for (const i of known.like(other, 0.8)) found.add(i);
  return found;
}
