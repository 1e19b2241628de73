import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { modelText, TYPED_TOKENS } from '../../../src/inference/transformer/text.js';

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
    ['\ud800', '\ufffd'],
    ['', ''],
  ])('%j becomes %j', (raw, text) => expect(modelText(raw)).toBe(text));

  it('changes nothing when it is applied again', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (raw) => {
        const once = modelText(raw);
        expect(modelText(once)).toBe(once);
      }),
    ));

  it('keeps every typed token whole', () => {
    const text = TYPED_TOKENS.join(' ');
    expect(modelText(text)).toBe(text);
  });
});
