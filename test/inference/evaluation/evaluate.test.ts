import { describe, expect, it } from '@jest/globals';
import type { LabelOf } from '../../../src/complaint/labels.js';
import type { Prediction } from '../../../src/complaint/prediction.js';
import { draws, figure } from '../../../src/inference/evaluation/bootstrap.js';
import { CHANGES, changed } from '../../../src/inference/evaluation/changes.js';
import { evaluate, pairedDifference } from '../../../src/inference/evaluation/evaluate.js';
import { Resemblance } from '../../../src/inference/evaluation/resemble.js';
import type { Row } from '../../../src/inference/evaluation/rows.js';

type Category = LabelOf<'category'>;
/** Texts that do not resemble each other. */
const text = (i: number) =>
  Array.from({ length: 40 }, (_, k) => String.fromCodePoint(97 + ((i * 31 + k * (7 + i)) % 26))).join('');
const row = (i: number, category: Category, more: Partial<Row> = {}): Row => ({
  at: `f:${i}`,
  text: text(i),
  source: 'a',
  channel: 'x',
  language: 'en',
  category,
  second: '-',
  sentiment: 'negative',
  complaint: 'y',
  urgency: 'normal',
  ...more,
});
const said = (category: Category, confidence: number, negative = true): Prediction => ({
  modelId: 'm',
  weightsHash: 'w',
  textHash: 't',
  heads: {
    category: { label: category, confidence, abstained: confidence < 0.5 },
    sentiment: { label: 'negative', confidence: 0.9, abstained: false },
    complaint: { label: 'y', confidence: 0.9, abstained: false },
    urgency: { label: 'low', confidence: 0.9, abstained: false },
  },
  negative,
  negativeScore: 0.9,
  evidence: [],
});

describe('evaluate', () => {
  const rows = [
    ...Array.from({ length: 15 }, (_, i) => row(i, 'network')),
    ...Array.from({ length: 15 }, (_, i) => row(i + 20, 'billing', { source: 'b', second: 'internet' })),
    row(50, 'fraud', { sentiment: 'neutral', complaint: 'n' }),
  ];
  // Of network 12 of 15 right, 3 said to be billing; of billing 9 right, 6 its second; fraud missed.
  const predictions = rows.map((r, i) => {
    if (r.category === 'network') return said(i < 12 ? 'network' : 'billing', i < 12 ? 0.9 : 0.4, i !== 0);
    if (r.category === 'billing') return said(i < 24 ? 'billing' : 'internet', 0.8);
    return said('other', 0.6);
  });
  const e = evaluate(rows, predictions, {
    trained: [text(0)],
    // Billing and internet have one team.
    teamOf: ({ category }) => (category === 'internet' ? 'billing' : category),
  });

  it('counts what anybody can count by hand', () => {
    expect(e.accuracy.category).toMatchObject({ value: 0.6774, rows: 31 }); // 21 of 31
    expect(e.categoryOrSecond.value).toBe(0.871); // 27 of 31
    expect(e.team).toMatchObject({ value: 0.9 }); // 27 of the 30 that somebody should see
    expect(e.accuracy.urgency.value).toBe(0);
    expect(e.negative).toMatchObject({ rows: 30, recall: { value: 0.9667 }, precision: { value: 0.9667 } });
    // network: 12 of 12 said and 15; billing: 9 of 12 said and 15; fraud has too few rows.
    expect(e.categoryMacroF1?.value).toBeCloseTo((24 / 27 + 18 / 27) / 2, 3);
    expect(e.kept.category).toMatchObject({ share: 0.9032, accuracy: { value: 0.75, rows: 28 } });
    expect(e.by.source.b?.category).toMatchObject({ value: 0.6, rows: 15 });
    expect(e.otherSources?.rows).toBe(15);
    expect(e.fresh?.rows).toBeLessThan(31);
    expect(e.confusions[0]).toEqual({ is: 'billing', said: 'internet', rows: 6 });
    // A second category is no mistake.
    expect(e.mistakes.map((m) => m.id)).toEqual(['f:50', 'f:12', 'f:13', 'f:14']);
  });

  it('has intervals around the values', () => {
    const { value, low, high } = e.accuracy.category;
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  });

  it('is perfectly calibrated where confidence is accuracy, and not where it is not', () => {
    const half = rows.map((_, i) => said(i % 2 === 0 ? 'network' : 'billing', 0.5));
    const alike = rows.map((r) => ({ ...r, category: 'network' as const }));
    expect(evaluate(alike, half).ece.category).toBeLessThan(0.35); // bins of two rows
    expect(
      evaluate(
        alike,
        alike.map(() => said('billing', 0.9)),
      ).ece.category,
    ).toBeCloseTo(0.9, 2);
  });

  it('compares two models row by row', () => {
    const right = rows.map((r) => said(r.category, 0.9));
    expect(pairedDifference(rows, right, predictions).value).toBe(0.3226); // 10 of 31
    expect(pairedDifference(rows, right, right)).toMatchObject({ value: 0, low: 0, high: 0 });
  });
});

describe('draws', () => {
  it('keep near-duplicates together and are the same for a seed', () => {
    const clusters = [0, 0, 2, 3, 3, 3];
    for (const d of draws(clusters)) {
      const times = (i: number) => d.filter((x) => x === i).length;
      expect(times(0)).toBe(times(1));
      expect(new Set([times(3), times(4), times(5)]).size).toBe(1);
    }
    expect(draws(clusters)[7]).toEqual(draws(clusters)[7]);
  });

  it('give a metric that says nothing no value rather than NaN', () =>
    expect(figure([0, 1], draws([0, 1]), () => Number.NaN)).toMatchObject({ value: 0, low: 0, high: 0 }));
});

describe('changes of form', () => {
  it('change a text that has what they are about', () => {
    const rich = '@MTNNG I paid 500 for data 😡, nothing.';
    for (const [name, change] of Object.entries(CHANGES))
      expect([name, change(rich)]).not.toEqual([name, rich]);
  });
  it('leave out texts that they do not alter', () =>
    expect(changed(['no digits', '5 days'], CHANGES['without digits'] as never)).toEqual([
      { index: 1, text: '  days' },
    ]));
});

describe('resemblance', () => {
  it('finds by the rarest grams what comparing every pair finds', () => {
    const words = 'network data airtime deducted balance slow call drop refund agent'.split(' ');
    const texts = Array.from({ length: 120 }, (_, i) =>
      Array.from({ length: 8 }, (_, k) => words[(i * 7 + k * k * (1 + (i % 3))) % words.length]).join(' '),
    );
    const grams = (t: string) => new Set(Array.from({ length: t.length - 4 }, (_, i) => t.slice(i, i + 5)));
    const known = new Resemblance(texts);
    for (const least of [0.5, 0.8])
      for (const t of texts) {
        const a = grams(t);
        const pairs = texts.flatMap((other, i) => {
          const b = grams(other);
          const both = [...a].filter((g) => b.has(g)).length;
          return other === t || both / (a.size + b.size - both) >= least ? [i] : [];
        });
        expect(known.like(t, least)).toEqual(pairs);
      }
  });
});
