import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchesOf, MOST_WINDOWS, windowsOf } from '../../../src/inference/transformer/windows.js';
import { createSplitter, type Word } from '../../../src/inference/transformer/words.js';

const word = (pieces: number): Word => ({ surface: 'w', ids: Array.from({ length: pieces }, (_, i) => i) });
const words = fc.array(fc.integer({ min: 1, max: 12 }).map(word), { maxLength: 80 });

describe('windows of a text', () => {
  it('hold every word once, in order, in as much room as there is', () =>
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 60 }), (all, room) => {
        const windows = windowsOf(3, all, room);
        if (windows.length === MOST_WINDOWS) return;
        expect(windows.flatMap((w) => w.words)).toEqual(all);
        for (const w of windows) {
          expect(w.text).toBe(3);
          expect(w.size).toBe(w.words.reduce((n, { ids }) => n + ids.length, 0));
          expect(w.size).toBeLessThanOrEqual(room);
        }
        // A window ends only where the next word does not fit.
        windows.slice(1).forEach((w, i) => {
          expect((windows[i]?.size ?? 0) + (w.words[0]?.ids.length ?? 0)).toBeGreaterThan(room);
        });
      }),
    ));

  it('are none of a text without words, or without a piece that is known', () => {
    expect(windowsOf(0, [], 10)).toEqual([]);
    expect(windowsOf(0, [word(0), word(0)], 10)).toEqual([]);
  });

  it('go on with a word that is larger than a window: nothing of it is lost', () => {
    const windows = windowsOf(0, [word(2), word(25), word(3)], 10);
    expect(windows.map((w) => w.size)).toEqual([2, 10, 10, 8]);
    expect(windows.slice(1).flatMap((w) => w.words[0]?.ids ?? [])).toEqual(word(25).ids);
  });

  it('of a huge text are its first ones and its last', () => {
    const all = Array.from({ length: 1_000 }, (_, i) => ({ surface: String(i), ids: [i] }));
    const windows = windowsOf(0, all, 10);
    expect(windows).toHaveLength(MOST_WINDOWS);
    expect(windows[0]?.words[0]?.surface).toBe('0');
    expect(windows.at(-1)?.words.at(-1)?.surface).toBe('999');
  });
});

describe('batches of windows', () => {
  it('hold each window once, and no more pieces with padding than may be', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 126 }), { maxLength: 60 }), (sizes) => {
        const windows = sizes.map((size, text) => ({ text, words: [], size }));
        const batches = batchesOf(windows, 1_024);
        const seen = batches.flat().map((w) => w.text);
        expect(seen.sort((a, b) => a - b)).toEqual(sizes.map((_, i) => i));
        for (const batch of batches)
          expect(batch.length * (Math.max(...batch.map((w) => w.size)) + 2)).toBeLessThanOrEqual(1_024);
      }),
    ));

  it('of one window larger than a batch are one', () =>
    expect(batchesOf([{ text: 0, words: [], size: 500 }], 100)).toHaveLength(1));
});

describe('words of a text', () => {
  it('are its words, signs one by one, and typed tokens whole; pieces are looked up once', () => {
    const asked: string[] = [];
    const split = createSplitter((w) => {
      asked.push(w);
      return [w.length];
    });
    const found = split("No network!! [PHONE] [OTHER] don't, no network");
    expect(found.map((w) => w.surface)).toEqual([
      'No',
      'network',
      '!',
      '!',
      '[PHONE]',
      '[',
      'OTHER',
      ']',
      'don',
      "'",
      't',
      ',',
      'no',
      'network',
    ]);
    expect(found[1]?.ids).toEqual([7]);
    expect(new Set(asked).size).toBe(asked.length);
  });
});
