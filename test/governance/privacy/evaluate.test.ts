import { describe, expect, it } from '@jest/globals';
import {
  evaluatePrivacy,
  measurePrivacy,
  parseMarked,
  unmark,
} from '../../../src/governance/privacy/evaluate.js';
import { personalSpans } from '../../../src/governance/privacy/redact.js';

describe('labelled messages', () => {
  it('lose their marks and keep their offsets', () =>
    expect(unmark('call ⟦PHONE|0803⟧, ⟦NAME|Ada⟧')).toEqual({
      text: 'call 0803, Ada',
      spans: [
        { type: 'PHONE', start: 5, end: 9 },
        { type: 'NAME', start: 11, end: 14 },
      ],
    }));

  it('name an unknown type and a line without text', () => {
    expect(() => unmark('⟦AGE|7⟧')).toThrow('unknown type "AGE"');
    expect(() => parseMarked('{"id":"a"}')).toThrow('line 1');
  });
});

describe('the measure', () => {
  const messages = parseMarked('{"id":"a","text":"call ⟦PHONE|0803555⟧ or ask ⟦NAME|Ada Obi⟧ today"}');
  const found = (type: 'PHONE' | 'NAME', start: number, end: number) => () => [{ type, start, end }];

  it('counts a whole span as found, with or without its type', () => {
    const right = measurePrivacy(messages, found('PHONE', 5, 12));
    expect(right.types.PHONE?.recall).toMatchObject({ value: 1, of: 1 });
    expect(right.misses).toEqual([{ id: 'a', type: 'NAME', covered: false }]);
    const other = measurePrivacy(messages, found('NAME', 5, 12));
    expect(other.types.PHONE?.recall.value).toBe(0);
    expect(other.types.PHONE?.covered.value).toBe(1);
    expect(other.extras).toEqual([]);
  });

  it('counts half a span as a miss, and one that takes words with it as an extra too', () => {
    expect(measurePrivacy(messages, found('PHONE', 5, 9)).types.PHONE?.covered.value).toBe(0);
    const greedy = measurePrivacy(messages, found('PHONE', 0, 12));
    expect(greedy.types.PHONE?.covered.value).toBe(0);
    expect(greedy.extras).toEqual([{ id: 'a', type: 'PHONE' }]);
  });

  it('gives Wilson intervals', () => {
    const { recall } = measurePrivacy(messages, found('PHONE', 5, 12)).all;
    expect(recall).toEqual({ value: 0.5, low: 0.0945, high: 0.9055, of: 2 });
  });
});

describe('the 400 labelled messages', () => {
  it('are redacted as well as we promise', async () => {
    const report = await evaluatePrivacy('models/evaluation/privacy/messages.jsonl', (text) =>
      personalSpans(text, 'NG', { own: ['Beejan'] }),
    );
    const ids = JSON.stringify({ misses: report.misses, extras: report.extras });
    const goals = {
      phone: (report.types.PHONE?.covered.value ?? 0) >= 0.98,
      email: (report.types.EMAIL?.covered.value ?? 0) >= 0.98,
      name: (report.types.NAME?.covered.value ?? 0) >= 0.9,
      precision: report.all.precision.value >= 0.97,
    };
    expect(report.messages).toBe(400);
    expect({ ...goals, ids }).toEqual({ phone: true, email: true, name: true, precision: true, ids });
  });
});
