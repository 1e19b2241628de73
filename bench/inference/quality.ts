import type { Inference, InferenceResult } from '../../src/inference/port.js';
import { type BenchOptions, interleave, type Outcome, type Row, row, sized } from '../harness.js';
import { clocked, labelled } from './clocked.js';
import { type HeldOut, readHoldout } from './holdout.js';
import { startRivals } from './rivals.js';

/** Rows at scale 1: all that are held out. */
const ROWS = 600;

type Sample = { readonly rate: number; readonly right: number; readonly rightOfNew: number };

const categoriesOf = (results: readonly InferenceResult[]): string[] =>
  results.map((r) => (r.ok ? r.prediction.heads.category.label : ''));

/** Share of right categories, of all rows and of those that the baseline has not seen; NaN of no rows. */
function judged(rows: readonly HeldOut[], labels: readonly string[]) {
  const share = (kept: (row: HeldOut) => boolean) => {
    const found = rows.flatMap((r, i) => (kept(r) ? [labels[i] === r.category] : []));
    return found.filter(Boolean).length / found.length;
  };
  return { right: share(() => true), rightOfNew: share((r) => r.newToBaseline) };
}

/** Every k-th, so that a few are of all kinds. */
function some<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, i) => i % step === 0).slice(0, count);
}

export type QualityOptions = Pick<BenchOptions, 'rounds' | 'scale' | 'say'> & {
  readonly modelDir: string;
  readonly baselineDir: string;
  readonly python: string | undefined;
};

/** Speed and right categories of pools of one, and of Python rivals in one thread, on messages held out of training. */
export async function quality(
  ours: Inference,
  baseline: Inference,
  { rounds, scale, say, modelDir, baselineDir, python }: QualityOptions,
): Promise<Outcome> {
  say('drawing the hold-out');
  const holdout = await readHoldout(baselineDir, scale);
  const rows = some(holdout.rows, sized(ROWS, scale, 20));
  const items = rows.map(({ text }, i) => ({ id: String(i), text }));
  const prepared = rows.map((r) => r.prepared);
  const viaPool = async (pool: Inference): Promise<Sample> => {
    let labels: string[] = [];
    const { rate } = await clocked(rows.length, async () => {
      labels = categoriesOf(await labelled(pool, items));
    });
    return { rate, ...judged(rows, labels) };
  };
  say('starting the rivals');
  const { running, notes, close } = await startRivals(python, modelDir, holdout.train);
  try {
    const sides: Record<string, () => Promise<Sample>> = {
      ours: () => viaPool(ours),
      natural: () => viaPool(baseline),
    };
    for (const [name, rival] of running)
      sides[name] = async () => {
        const { rate, labels } = await rival.label(prepared);
        return { rate, ...(labels ? judged(rows, labels) : { right: Number.NaN, rightOfNew: Number.NaN }) };
      };
    for (const side of Object.values(sides)) await side();
    say(`${rounds} rounds of ${rows.length} held-out texts`);
    const samples = await interleave<string, keyof Sample>(rounds, sides);
    const of = (side: string, metric: keyof Sample) => (samples[side] ?? []).map((s) => s[metric]);
    const compared = (name: string, side: string, metric: 'right' | 'rightOfNew'): Row[] => {
      const found = row(
        `category right: ${metric === 'right' ? 'hold-out' : 'new to both'}`,
        'share',
        of('ours', metric),
        {
          name,
          values: of(side, metric),
        },
      );
      return Number.isFinite(found.rival.median) ? [found] : [];
    };
    const natural = `${baseline.model.id} (natural)`;
    return {
      rows: [
        row('hold-out: rate', 'texts/s', of('ours', 'rate'), {
          name: natural,
          values: of('natural', 'rate'),
        }),
        ...compared(natural, 'natural', 'rightOfNew'),
        ...[...running.keys()].flatMap((name) => [
          row('hold-out: rate', 'texts/s', of('ours', 'rate'), { name, values: of(name, 'rate') }),
          ...compared(name, name, 'right'),
        ]),
      ],
      notes: [
        `Hold-out: ${rows.length} of ${holdout.rows.length} written messages that the transformer was not trained on, a style of its own and not real posts; ${rows.filter((r) => r.newToBaseline).length} of them are new to ${baseline.model.id} too. TF-IDF + LR learns from the ${holdout.train.length} others that resemble none of them.`,
        ...(holdout.counts
          ? []
          : [
              'At this scale the hold-out is drawn from a sample, and models have seen rows of it: the shares say nothing.',
            ]),
        'One thread on every side. Python gets texts as the model reads them, cuts them at its length and reads no second window.',
        'transformers runs a network of the same shape with random weights, without heads: it tells speed only. The float model is not shipped.',
        ...notes,
      ],
    };
  } finally {
    await close();
  }
}
