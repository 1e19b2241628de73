import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placesOfNigeria } from '../../../src/transform/entities/gazetteer.js';
import { misspelt, oneEditApart } from '../../../src/transform/entities/misspelt.js';

const letters = fc.string({ unit: fc.constantFrom(...'abcde'), minLength: 1, maxLength: 9 });

describe('one edit apart', () => {
  it('holds for each single edit, both ways, and never for the same word', () => {
    fc.assert(
      fc.property(letters, fc.nat(8), fc.constantFrom('x', 'y'), (word, where, letter) => {
        const at = where % word.length;
        const head = word.slice(0, at);
        const tail = word.slice(at + 1);
        for (const other of [head + tail, head + letter + tail, head + letter + word.slice(at)]) {
          expect(oneEditApart(word, other)).toBe(true);
          expect(oneEditApart(other, word)).toBe(true);
        }
        expect(oneEditApart(word, word)).toBe(false);
        expect(oneEditApart(word, `${letter}${word}${letter}`)).toBe(false);
      }),
    );
  });
  it('holds for two neighbours that changed places', () => expect(oneEditApart('abuja', 'abjua')).toBe(true));
});

describe('a misspelt place', () => {
  const gazetteer = placesOfNigeria();
  it.each([
    ['oworonsoki', 'oworonshoki'],
    ['maidugury', 'maiduguri'],
    ['iseyn', 'iseyin'],
    ['sokotoo', 'sokoto'],
    ['onitsah', 'onitsha'],
  ])('%s is %s', (word, name) => expect(misspelt(word, gazetteer)).toBe(name));
  it.each(['ebony', 'lager', 'bursary', 'hakuri', 'gbogbo', 'making', 'machine', 'network', 'jos'])(
    '%s is none',
    (word) => expect(misspelt(word, gazetteer)).toBeUndefined(),
  );
});
