/** A measured value with the middle 95 % of what it is when other texts of the kind had been drawn. */
export type Figure = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Rows it is over. */
  readonly rows: number;
};

const ROUNDS = 1_000;
const round = (x: number): number => Math.round(x * 1e4) / 1e4;

/** Numbers from 0 to 1, the same for a seed (mulberry32). */
export function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Draws of whole near-duplicate clusters with replacement, as lists of row numbers: near-duplicates stand and fall
 * together, so that rows drawn one by one would make intervals too small.
 */
export function draws(clusters: readonly number[], seed = 1): readonly (readonly number[])[] {
  const members = new Map<number, number[]>();
  clusters.forEach((c, i) => {
    const list = members.get(c);
    if (list) list.push(i);
    else members.set(c, [i]);
  });
  const all = [...members.values()];
  const next = random(seed);
  return Array.from({ length: ROUNDS }, () =>
    all.flatMap(() => all[Math.floor(next() * all.length)] as number[]),
  );
}

/** The metric of all rows and the interval of it over the draws. `metric` gets row numbers; NaN where it says nothing. */
export function figure(
  rows: readonly number[],
  drawn: readonly (readonly number[])[],
  metric: (rows: readonly number[]) => number,
): Figure {
  const within = new Set(rows);
  const values = drawn
    .map((d) => metric(d.filter((i) => within.has(i))))
    .filter((x) => !Number.isNaN(x))
    .sort((a, b) => a - b);
  const at = (share: number): number =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;
  const value = metric(rows);
  return {
    value: Number.isNaN(value) ? 0 : round(value),
    low: round(at(0.025)),
    high: round(at(0.975)),
    rows: rows.length,
  };
}
