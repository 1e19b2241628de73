/** A text of the corpus and how like the asked one it is: 1 means the same words, 0 nothing in common. */
export type Nearest = { readonly text: string; readonly similarity: number };

/** Two texts this alike (Jaccard over character 5-grams) count as near copies. */
export const NEAR_COPY = 0.8;
const GRAM = 5;

/**
 * What is left of a text for comparison: NFKC, lower case, no links, handles, digits, symbols or punctuation, single spaces.
 * A text of nothing else (only emoji) is compared as it stands.
 */
export function normalise(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase();
  const words = folded
    .replace(/\b(?:https?:\/\/|www\.)\S+/gu, ' ')
    .replace(/@[\p{L}\p{N}_]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .replace(/[^\p{L}\p{M}\s]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return words === '' ? folded.trim() : words;
}

/** Distinct character 5-grams; a shorter text is one gram of its own. */
function grams(normal: string): Set<string> {
  const letters = [...normal];
  if (letters.length <= GRAM) return new Set([normal]);
  return new Set(letters.slice(0, 1 - GRAM).map((_, i) => letters.slice(i, i + GRAM).join('')));
}

/** An inverted index from gram to texts: a look-up touches only texts that share a gram. */
export class Corpus {
  readonly #texts: { readonly text: string; readonly grams: number }[] = [];
  readonly #holding = new Map<string, number[]>();
  readonly #seen = new Set<string>();

  constructor(texts: Iterable<string>) {
    for (const text of texts) this.#add(text);
  }

  /** Distinct texts, after normalising. */
  get size(): number {
    return this.#texts.length;
  }

  #add(text: string): void {
    const normal = normalise(text);
    if (this.#seen.has(normal)) return;
    this.#seen.add(normal);
    const own = grams(normal);
    const at = this.#texts.push({ text, grams: own.size }) - 1;
    for (const gram of own) {
      const holding = this.#holding.get(gram);
      if (holding === undefined) this.#holding.set(gram, [at]);
      else holding.push(at);
    }
  }

  /** The most alike text, or undefined if none shares a gram. */
  nearest(text: string): Nearest | undefined {
    const own = grams(normalise(text));
    const shared = new Map<number, number>();
    for (const gram of own)
      for (const at of this.#holding.get(gram) ?? []) shared.set(at, (shared.get(at) ?? 0) + 1);
    let best: Nearest | undefined;
    for (const [at, count] of shared) {
      const other = this.#texts[at];
      if (other === undefined) continue;
      const similarity = count / (own.size + other.grams - count);
      if (best === undefined || similarity > best.similarity) best = { text: other.text, similarity };
    }
    return best;
  }

  /** True if the corpus holds neither the same words nor a near copy. */
  lacks(text: string): boolean {
    return (this.nearest(text)?.similarity ?? 0) < NEAR_COPY;
  }
}
