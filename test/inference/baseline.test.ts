import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HEAD_NAMES } from '../../src/complaint/labels.js';
import { Prediction } from '../../src/complaint/prediction.js';
import { type Baseline, loadBaseline } from '../../src/inference/baseline.js';
import { featuresOf, MAX_TOKENS } from '../../src/inference/features.js';
import { MODEL_DIR } from './support/model-dir.js';

let baseline: Baseline;
beforeAll(async () => {
  baseline = await loadBaseline(MODEL_DIR);
});

describe('baseline', () => {
  it.each([
    ['empty', ''],
    ['blank', ' \n\t\u200b'],
    ['an unknown emoji', '\u{1F9FF}'],
    ['punctuation', '?!?... --- ###'],
    ['a link and a handle', 'https://example.com/a @BeejanNG'],
    ['lone surrogates', '\ud800 \udfff\ud800'],
    ['one endless word', 'a'.repeat(1_000_000)],
    ['a heap of combining marks', `q${'\u0301'.repeat(30_000)}`],
    ['an unknown script', '網絡太慢了'],
  ])('abstains with every head on %s', (_, text) => {
    const prediction = Prediction.parse(baseline.classify(text));
    const { heads, negative, evidence } = prediction;
    expect(HEAD_NAMES.map((head) => [heads[head].label, heads[head].abstained])).toEqual([
      ['other', true],
      ['neutral', true],
      ['n', true],
      ['normal', true],
    ]);
    expect({ negative, evidence }).toEqual({ negative: false, evidence: [] });
  });

  it('gives a valid prediction for any string', () => {
    const word = fc.constantFrom(
      'network',
      'constructor',
      '__proto__',
      'toString',
      'refund',
      '08031234567',
      '😡',
    );
    const text = fc.array(fc.oneof(word, fc.string({ unit: 'binary' }))).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, (t) => {
        expect(Prediction.safeParse(baseline.classify(t)).success).toBe(true);
      }),
    );
  });

  it('reads only the beginning of a megabyte', () => {
    const beginning = 'no network '.repeat(MAX_TOKENS / 2);
    const { heads, textHash } = baseline.classify(beginning);
    const long = baseline.classify(beginning + 'refund my money '.repeat(65_000));
    expect(long.heads).toEqual(heads);
    expect(long.textHash).not.toBe(textHash);
  });

  it('is sure of nothing on long texts either: scores are added as logarithms, nothing underflows', () => {
    const text = Array.from(
      { length: 500 },
      (_, i) => ['network', 'data', 'money', 'agent', 'sim'][i % 5],
    ).join(' ');
    const { heads } = baseline.classify(text);
    for (const head of HEAD_NAMES) expect(heads[head].confidence).toBeGreaterThan(0);
  });

  it('shows as evidence words that stand in the text, never a number', () => {
    const text = 'Dem Deduct 5000 naira from my AIRTIME without asking, I want my money back 08031147726';
    const { evidence, heads } = baseline.classify(text);
    expect(heads.category.label).toBe('billing');
    expect(evidence.length).toBeGreaterThan(0);
    expect(evidence.length).toBeLessThanOrEqual(5);
    for (const words of evidence) {
      for (const word of words.split(' ')) expect(text).toContain(word);
      expect(words).not.toMatch(/\d/);
    }
  });

  it('gives the same features to the ways people write one thing', () => {
    const keys = (text: string) => [...featuresOf(text).keys()];
    expect(keys("DON'T deducting")).toEqual(keys('dont deducts'));
    expect(keys('ẹ jọ̀ọ́')).toEqual(keys('e joo'));
    expect(keys('@BeejanNG paid 12,500 see https://t.co/x')).toEqual(keys('paid 900 see'));
    expect(keys('4G')).toEqual(['4g']);
  });
});
