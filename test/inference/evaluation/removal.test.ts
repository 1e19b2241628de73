import { describe, expect, it } from '@jest/globals';
import type { Prediction } from '../../../src/complaint/prediction.js';
import { random } from '../../../src/inference/evaluation/bootstrap.js';
import { fallen, removals, someWords, without } from '../../../src/inference/evaluation/removal.js';

const said = (evidence: string[], negative = true, label = 'billing', negativeScore = 0.9) =>
  ({ evidence, negative, negativeScore, heads: { category: { label } } }) as unknown as Prediction;

describe('removal of evidence', () => {
  it('takes whole words out, in any case', () =>
    expect(without('Deducted my DATA, database', ['data', 'deducted'])).toBe('  my  , database'));

  it('draws other words, each once, none of the evidence, the same for a seed', () => {
    const drawn = someWords('a b c d a', 2, ['c'], random(1));
    expect(drawn).toHaveLength(2);
    expect(drawn).not.toContain('c');
    expect(new Set(drawn).size).toBe(2);
    expect(someWords('a b c d a', 2, ['c'], random(1))).toEqual(drawn);
  });

  it('leaves out what is not negative, has no evidence, or too few other words', () => {
    const texts = ['data deducted from my line', 'data', 'my line is good', 'all fine'];
    const cases = removals(texts, [said(['data']), said(['data']), said(['line'], false), said([])]);
    expect(cases.map((c) => c.index)).toEqual([0]);
    expect(cases[0]?.evidence).toBe('  deducted from my line');
    expect(cases[0]?.chance).toContain('data');
  });

  it('counts kept categories and how far the score fell', () => {
    const after = [said([], true, 'billing', 0.5), said([], true, 'network', 0.7)];
    expect(fallen([said([]), said([])], after)).toEqual({ sameCategory: 0.5, scoreFell: 0.3 });
  });
});
