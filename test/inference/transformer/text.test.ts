import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { modelText, TYPED_TOKENS } from '../../../src/inference/transformer/text.js';

/** What the function looks for, and what could hide it. */
const PARTS = [
  ...'@ www. http:// ht tp:// w mtn user x _ . ₦ ɓ é 5 😡 ❤ 🏽 🇳 🇬 👩 💻 [PHONE] [ ſ K'.split(' '),
  ...' \n\0\u0301\u200b\u200d\ufe0f\u20e3',
];
const ofMeaning = fc.array(fc.constantFrom(...PARTS), { maxLength: 12 }).map((parts) => parts.join(''));

describe('the text as the model reads it', () => {
  it.each([
    ['see https://t.co/abc?d=1 now', 'see url now'],
    ['www.mtn.ng/help is down', 'url is down'],
    ['@someone @MTNNG help', 'user MTNNG help'],
    ['mail me@x.com', 'mail me@x.com'],
    ['my ₦500', 'my naira 500'],
    ['ƙarfin ɓace ɗan ƴa', 'karfin bace dan ya'],
    ['nẹ́tíwọ̀kì café', 'netiwoki cafe'],
    ['ﬁne ２ＧＢ', 'fine 2GB'],
    ['bad 😡!', 'bad enraged face !'],
    ['her 👩🏽‍💻 gone', 'her woman technologist gone'],
    ['🇳🇬', 'flag Nigeria'],
    ['call [PHONE]\n\n\tnow', 'call [PHONE] now'],
    ['@\u0301someone w\u0301ww.mtn.ng', 'user url'],
    ['🪅', 'pinata'],
    [`@${'x'.repeat(30)}www.mtn.ng`, 'user .mtn.ng'],
    ['\ud800', '\ufffd'],
    ['', ''],
  ])('%j becomes %j', (raw, text) => expect(modelText(raw)).toBe(text));

  it('changes nothing when it is applied again', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), ofMeaning), (raw) => {
        const once = modelText(raw);
        expect(modelText(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    ));

  it('keeps every typed token whole, but for a handle, which is a user as everywhere', () => {
    const text = TYPED_TOKENS.join(' ');
    expect(modelText(text)).toBe(text.replace('[HANDLE]', 'user'));
  });
});
