/** Median, least and greatest of a few rounds. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number };

/** One line of the table: ours, the rival (or limit) of the same rounds, and ours divided by the rival's. */
export type Row = {
  readonly name: string;
  readonly unit: string;
  readonly ours: Spread;
  readonly rival: { readonly name: string } & Spread;
  /** Of each round, then their median: what disturbs a round disturbs both sides of it. */
  readonly ratio: Spread;
};

export type Outcome = {
  readonly rows: readonly Row[];
  /** What a reader of the rows must know: counts, checks, what was left out. */
  readonly notes: readonly string[];
};

export type BenchOptions = {
  readonly rounds: number;
  /** Multiplies every size; 1 = as documented. */
  readonly scale: number;
  /** A word about what is under way, for people. */
  readonly say: (text: string) => void;
};

export type Bench = {
  readonly name: string;
  readonly what: string;
  run(options: BenchOptions): Promise<Outcome>;
};

/** A size of `n` at the scale asked for; at least `least`. */
export const sized = (n: number, scale: number, least = 1): number => Math.max(least, Math.round(n * scale));

export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('bench: a spread of no rounds');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return {
    median: sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2,
    min: sorted[0] as number,
    max: sorted.at(-1) as number,
  };
}

/** Numbers that one side gave in one round. */
export type Sample<M extends string> = Readonly<Record<M, number>>;

/** Runs all sides in turn, A B A B ..., so that a slow minute of the machine meets all of them. */
export async function interleave<S extends string, M extends string>(
  rounds: number,
  sides: Readonly<Record<S, (round: number) => Promise<Sample<M>>>>,
): Promise<Record<S, Sample<M>[]>> {
  const names = Object.keys(sides) as S[];
  const samples = Object.fromEntries(names.map((n) => [n, [] as Sample<M>[]])) as Record<S, Sample<M>[]>;
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) samples[name].push(await sides[name](round));
  return samples;
}

/** A row from the numbers of both sides, round by round. */
export function row(
  name: string,
  unit: string,
  ours: readonly number[],
  rival: { readonly name: string; readonly values: readonly number[] },
): Row {
  const ratios = ours.map((value, round) => value / (rival.values[round] as number));
  return {
    name,
    unit,
    ours: spreadOf(ours),
    rival: { name: rival.name, ...spreadOf(rival.values) },
    ratio: spreadOf(ratios),
  };
}
