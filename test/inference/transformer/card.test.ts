import { describe, expect, it } from '@jest/globals';
import { card, type Metrics } from '../../../models/training/transformer/card.js';
import { HEAD_NAMES } from '../../../src/complaint/labels.js';
import type { TransformerManifest } from '../../../src/inference/manifest.js';

/** Texts of customers, which no page may show. */
const SECRET = 'my child is in hospital and I have no network';

/** Invented measurements in which no two figures are equal, as a page shows them. */
function invented(): Metrics {
  let n = 100;
  const count = (): number => {
    n += 1;
    return n;
  };
  const share = () => count() / 1_000;
  const rows = () => 7_000 + count();
  const figure = () => ({ value: share(), low: share(), high: share(), rows: rows() });
  const perHead = <T>(make: () => T) =>
    Object.fromEntries(HEAD_NAMES.map((h) => [h, make()])) as Record<(typeof HEAD_NAMES)[number], T>;
  const group = () => ({ rows: rows(), category: figure(), sentiment: figure() });
  const groups = (...names: string[]) => Object.fromEntries(names.map((name) => [name, group()]));
  const measured = () => ({
    rows: rows(),
    clusters: rows(),
    accuracy: perHead(figure),
    categoryMacroF1: figure(),
    categoryOrSecond: figure(),
    negative: { rows: rows(), recall: figure(), precision: figure() },
    ece: perHead(share),
    surest85: figure(),
    kept: perHead(() => ({ share: share(), accuracy: figure() })),
    language: figure(),
    by: {
      source: groups('sentitel'),
      language: groups('en', 'pcm', 'mix'),
      channel: groups('sms'),
    },
    otherSources: group(),
    fresh: group(),
    rare: { fraud: rows() },
    confusions: [{ is: 'network', said: 'internet', rows: rows() }],
    mistakes: [{ id: 'row-a', text: SECRET, is: 'billing', said: 'other', confidence: share() }],
  });
  return {
    open: measured(),
    written: measured(),
    tweets: { pcm: { rows: rows(), leaked: count(), weightedF1: share() } },
    invariance: { 'without digits': { rows: rows(), same: share() } },
    faithfulness: {
      rows: rows(),
      evidence: { sameCategory: share(), scoreFell: share() },
      chance: { sameCategory: share(), scoreFell: share() },
    },
    baseline: measured(),
    overBaseline: figure(),
    linear: { accuracy: perHead(share), categoryOver: figure() },
  };
}

const manifest = {
  id: 'invented',
  trained: {
    by: 'train.py',
    seconds: { student: 5_940 },
    data: { parts: { select: 1_234 } },
    curve: [{ rows: 3_333, category: 0.711, negative_recall: 0.922, negative_precision: 0.833 }],
    export: { largestPairSum: 31_000, limit: 32_767, 'sameArgmax/test': { category: 0.987 } },
  },
  decides: { negativeFrom: 0.4321 },
  licences: { weights: 'as the project' },
} as unknown as TransformerManifest;

/** Every number of a value, with its path. */
function* numbers(value: unknown, path: string[] = []): Generator<readonly [string, number]> {
  if (typeof value === 'number') yield [path.join('.'), value];
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) yield* numbers(part, [...path, key]);
}

/** A copy with one number changed. */
function changed(metrics: Metrics, path: string, value: number): Metrics {
  const copy = structuredClone(metrics);
  const keys = path.split('.');
  let at = copy as unknown as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[keys.at(-1) as string] = value;
  return copy;
}

/** Figures that the page has no place for. */
const NOT_SHOWN = [
  /^baseline\./,
  /(?<!^open|^written|by\.\w+\.\w+|confusions\.\d+|invariance\..+|faithfulness)\.rows$/,
  /^open\.by\.(language|channel)\./,
  /^open\.(fresh|otherSources)\.sentiment\./,
  /^open\.language\./,
  /^written\.(?!rows$|by\.(language|channel)|language)/,
];
/** Goals, sizes of model and recipe, the share of the surest, a published rival: no measurement of ours. */
const STATED = new Set(
  '30 12 384 6 8 15 16 95 85 82 86 4 76 87 91 90 94 93 80 96 97 78 84 88 92 5 3 1,000 75.1 14 2023'.split(
    ' ',
  ),
);

describe('the model card', () => {
  const metrics = invented();
  const page = card(manifest, metrics);

  it('changes with every figure that it shows', () => {
    const without = [...numbers(metrics)]
      .filter(([path]) => !NOT_SHOWN.some((pattern) => pattern.test(path)))
      .filter(([path, value]) => card(manifest, changed(metrics, path, value > 1 ? 9_999 : 0.999)) === page);
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it('changes with what the manifest states', () => {
    for (const [path, value] of [...numbers(manifest)]) {
      const copy = changed(manifest as unknown as Metrics, path, value * 3) as unknown as TransformerManifest;
      expect({ path, changes: card(copy, metrics) !== page }).toEqual({ path, changes: true });
    }
  });

  it('shows no number that was not measured, but for its goals', () => {
    const measured = [...numbers(metrics), ...numbers(manifest)].flatMap(([, n]) => [
      String(n),
      (n * 100).toFixed(1),
      n.toFixed(3),
      String(Math.round(n / 60)),
    ]);
    const known = new Set([...measured, String(metrics.open.mistakes.length), ...STATED]);
    const names = /baseline-bayes-1|Apache-2\.0|macro-F1|int8|float32/g;
    const found = page.replace(names, '').match(/\d[\d,]*(?:\.\d+)?/g) ?? [];
    expect(found.length).toBeGreaterThan(100);
    expect([...new Set(found)].filter((n) => !known.has(n))).toEqual([]);
  });

  it("says each language's own figures, whichever were measured", () => {
    const { en: _, ...language } = metrics.written.by.language;
    const partly = { ...metrics, written: { ...metrics.written, by: { ...metrics.written.by, language } } };
    const figure = language.pcm?.category.value ?? 0;
    const lines = card(manifest, partly)
      .split('\n')
      .filter((l) => l.startsWith('| written style, category'));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`category, pcm | ${(figure * 100).toFixed(1)} (`);
  });

  it('shows no text of a customer, even where it is given one', () => {
    expect(page).toContain('row-a');
    expect(page).not.toContain(SECRET);
  });
});
