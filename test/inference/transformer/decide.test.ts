import { describe, expect, it } from '@jest/globals';
import { CATEGORIES, COMPLAINT, LANGUAGES, SENTIMENTS, URGENCIES } from '../../../src/complaint/labels.js';
import { Prediction } from '../../../src/complaint/prediction.js';
import { decide, type Logits, softmax, UNREADABLE } from '../../../src/inference/transformer/decide.js';
import { modelText } from '../../../src/inference/transformer/text.js';
import { evidenceOf } from '../../../src/inference/transformer/evidence.js';
import { TRANSFORMER_LABELS, type TransformerDecides } from '../../../src/inference/transformer/manifest.js';
import { ADDS } from '../../../src/inference/transformer/session.js';

const below = (labels: readonly string[], threshold: number) =>
  Object.fromEntries(labels.map((l) => [l, threshold]));
const decides = {
  temperatures: { category: 1, sentiment: 1, complaint: 1, urgency: 1, second: 1, language: 1 },
  abstainBelow: {
    category: { ...below(CATEGORIES, 0.5), billing: 0.9 },
    sentiment: below(SENTIMENTS, 0.5),
    complaint: below(COMPLAINT, 0.5),
    urgency: below(URGENCIES, 0.5),
  },
  secondFrom: 0.3,
  negativeFrom: 0.6,
} as unknown as TransformerDecides;

/** Logits of which one label has `share` and the others the rest alike. */
const head = (labels: readonly string[], label: string, share: number): Float32Array =>
  Float32Array.from(labels, (l) => Math.log(l === label ? share : (1 - share) / (labels.length - 1)));
const logits = (changes: Partial<Logits> = {}): Logits => ({
  category: head(CATEGORIES, 'network', 0.8),
  sentiment: head(SENTIMENTS, 'neutral', 0.7),
  complaint: head(COMPLAINT, 'n', 0.7),
  urgency: head(URGENCIES, 'high', 0.9),
  second: head(TRANSFORMER_LABELS.second, '-', 0.9),
  language: head(LANGUAGES, 'pcm', 0.6),
  ...changes,
});

describe('what follows from logits', () => {
  it('labels, confidences and language', () => {
    const { heads, negative, negativeScore } = decide(logits(), decides);
    expect(heads.category).toMatchObject({ label: 'network', confidence: 0.8, abstained: false });
    expect(heads.urgency).toMatchObject({ label: 'high', confidence: 0.9 });
    expect(heads.language).toEqual({ label: 'pcm', confidence: 0.6 });
    expect(heads.second).toBeUndefined();
    expect([negative, negativeScore]).toEqual([false, 0.3]);
  });

  it("abstains under the label's own threshold", () => {
    expect(
      decide(logits({ category: head(CATEGORIES, 'billing', 0.8) }), decides).heads.category,
    ).toMatchObject({
      label: 'billing',
      abstained: true,
    });
  });

  it('is negative if the writer is displeased or somebody should act', () => {
    const displeased = logits({ sentiment: head(SENTIMENTS, 'negative', 0.61) });
    const wrong = logits({ complaint: head(COMPLAINT, 'y', 0.61) });
    for (const l of [displeased, wrong])
      expect(decide(l, decides)).toMatchObject({ negative: true, negativeScore: 0.61 });
  });

  it('never names the category itself as the second one', () => {
    const same = logits({ second: head(TRANSFORMER_LABELS.second, 'network', 0.9) });
    expect(decide(same, decides).heads.second).toBeUndefined();
    const other = logits({ second: head(TRANSFORMER_LABELS.second, 'internet', 0.4) });
    expect(decide(other, decides).heads.second).toBe('internet');
  });

  it('makes confidences flatter with the temperature, and never NaN', () => {
    expect(softmax(Float32Array.of(1_000, -1_000), 2)[0]).toBe(1);
    const [sharp = 0, flat = 0] = [1, 2].map((t) => softmax(Float32Array.of(2, 0, 0), t)[0] as number);
    expect(sharp).toBeGreaterThan(flat);
  });

  it('has an answer for what nobody can read, which fits the schema and abstains everywhere', () => {
    const prediction = { modelId: 'm', weightsHash: 'w', textHash: 't', ...UNREADABLE, evidence: [] };
    expect(Prediction.safeParse(prediction).success).toBe(true);
    expect(Object.values(UNREADABLE.heads).every((h) => (h as { abstained: boolean }).abstained)).toBe(true);
  });
});

describe('evidence', () => {
  const adds = (category: number, by: number, negative = 0): Float32Array => {
    const a = new Float32Array(ADDS);
    a[category] = by;
    a[CATEGORIES.length] = negative;
    return a;
  };
  const billing = CATEGORIES.indexOf('billing');

  it('is the words that spoke for the category, the strongest first, in lower case and once', () => {
    const words = [
      { surface: 'Deducted', adds: adds(billing, 2) },
      { surface: 'wallet', adds: adds(billing, 0.1) },
      { surface: 'my', adds: adds(billing, 5) },
      { surface: 'data', adds: adds(1, 3) },
      { surface: 'deducted', adds: adds(billing, 1) },
    ];
    expect(evidenceOf('Deducted my data deducted wallet', words, billing, false)).toEqual([
      'deducted',
      'wallet',
    ]);
  });

  it('counts displeasure where the text is negative', () => {
    const words = [{ surface: 'useless', adds: adds(1, 0.5, 2) }];
    expect(evidenceOf('useless', words, billing, false)).toEqual([]);
    expect(evidenceOf('useless', words, billing, true)).toEqual(['useless']);
  });

  it('is never a sign, a stand-in, a typed token or a word that says nothing, and never more than five words', () => {
    const words = ['!', '[PHONE]', 'user', 'URL', 'as', 'bb', 'cc', 'dd', 'ee', 'ff', 'gg'].map(
      (surface, i) => ({
        surface,
        adds: adds(billing, 20 - i),
      }),
    );
    const text = '! [PHONE] @ada URL as bb cc dd ee ff gg';
    expect(evidenceOf(text, words, billing, false)).toEqual(['bb', 'cc', 'dd', 'ee', 'ff']);
  });

  it('stands in the text: with its accents, an emoji as itself, and never a longer number', () => {
    const text = 'Nẹ́tíwọ̀kì 😡 4G ⑧⑧⓪③ pin 4821';
    const read = modelText(text).split(' ');
    expect(read).toEqual(['Netiwoki', 'enraged', 'face', '4G', '8803', 'pin', '4821']);
    const words = read.map((surface, i) => ({ surface, adds: adds(billing, 9 - i) }));
    expect(evidenceOf(text, words, billing, false)).toEqual(['😡', 'nẹ́tíwọ̀kì', '4g', 'pin']);
  });
});
