import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { personalSpans, redactText } from '../../../src/governance/privacy/redact.js';
import { PERSONAL_TYPES } from '../../../src/governance/privacy/types.js';
import { TYPED_TOKENS } from '../../../src/inference/transformer/text.js';

const redact = (text: string): string => redactText(text, 'NG', { own: ['Beejan'] });

describe('redaction of personal data', () => {
  it('writes the tokens that the model knows', () =>
    expect(PERSONAL_TYPES.map((t) => `[${t}]`)).toEqual([...TYPED_TOKENS]));

  it.each([
    ['call me on 08031234567 now', 'call me on [PHONE] now'],
    ['0803 123 4567, 0803-123-4567', '[PHONE], [PHONE]'],
    ['+234 803 123 4567 or +2348031234567', '[PHONE] or [PHONE]'],
    ['write to ada.obi@example.com.', 'write to [EMAIL].'],
    ['ada [at] example.com', '[EMAIL]'],
    ['my line 070 6612 3456 9 is barred', 'my line [PHONE] is barred'],
    ['UK +44 20 7946 0958', 'UK [PHONE]'],
    ['0803_555_0101 tel08035550101now x08035550101', '[PHONE] tel[PHONE]now x[PHONE]'],
    ['dial *131*08035550101#', 'dial *131*[PHONE]#'],
    ['𝟎𝟖𝟎𝟑𝟓𝟓𝟓𝟎𝟏𝟎𝟏 or ０８０３５５５０１０１', '[PHONE] or [PHONE]'],
    ['0803\u200d555\ufe0f0101', '[PHONE]'],
    ['bob.mark＠example.com and bob.mark@example。com', '[EMAIL] and [EMAIL]'],
  ])('%j becomes %j', (text, expected) => expect(redact(text)).toBe(expected));

  it.each([
    'I paid ₦5,000 for 10GB on 2026-11-24 and got 500MB',
    'dial *131*1# or 300',
    'NGN 1 200 000 went on 24/11/2026 at 18:40',
    'reference 7K3M9-QX2TA-W',
    '@BeejanCares 5G in Ikeja is 3 out of 10',
    'since 24-11-2026 18:40 nothing',
    '𝟓𝟎𝟎 naira for １０ days, ẹ jọ̀ọ́ 👨‍👩‍👧',
  ])('leaves %j byte for byte', (text) => expect(redact(text)).toBe(text));

  it.each([
    ['digits', '7'.repeat(19_990)],
    ['pairs', '0-8 '.repeat(4_990)],
    ['prefixes', '+234'.repeat(5_000)],
  ])('takes a text of nothing but %s for one number', (_, text) =>
    expect(redact(text).trim()).toBe('[PHONE]'),
  );

  it.each([
    ['[PHONE] [NAME [PHONE 08035550101] [[NAME]]', '[PHONE] [NAME [PHONE [PHONE]] [[NAME]]'],
    ['my name is [NAME] Obi, pin [PIN] 4471', 'my name is [NAME] Obi, pin [PIN] 4471'],
    ['\ud83d 08035550101\udc00', '\ud83d [PHONE]\udc00'],
    ['a\u0000b \u202e08035550101\u202c', 'a\u0000b \u202e[PHONE]\u202c'],
    ['0\u0301803 5550101\u0301!', '[PHONE]!'],
  ])('is not confused by %j', (text, expected) => expect(redact(text)).toBe(expected));

  it('lets the cue win over the shape, and the longer over the shorter', () => {
    expect(redact('NIN 08035550101')).toBe('NIN [NIN]');
    expect(redact('08035550101@example.com')).toBe('[EMAIL]');
    expect(redact('acct 8035550101, ref PAY08035550101')).toBe('acct [ACCOUNT], ref [ID]');
  });

  it('finds a code again where it stands without its cue', () =>
    expect(redact('*777*08035550101*500*1357# and 1357 is my pin')).toBe(
      '*777*[PHONE]*500*[PIN]# and [PIN] is my pin',
    ));

  it('keeps the names and handles of our own', () => {
    const text = 'I am Acme, @acmehelp; ask @ada_obi';
    expect(redactText(text, 'NG', { own: ['Acme', '@acmehelp'] })).toBe('I am Acme, @acmehelp; ask [HANDLE]');
  });

  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.constantFrom(
      ...[
        '08031234567',
        ' 0803 ',
        '123 4567',
        '4471',
        '0123456789',
        '9',
        '/27',
        '+234',
        '-',
        '(',
        ')',
        '₦5,000',
      ],
      ...[
        '@example.com',
        '@',
        'ada',
        'Ada Obi',
        'dot',
        'at',
        'gmail',
        'com',
        '.com',
        'my name is',
        'Mrs.',
        'I am',
      ],
      ...[
        'pin',
        'OTP',
        'NIN',
        'card',
        'account',
        'ref',
        'IG is',
        'zero',
        'double',
        'five',
        'flat',
        '12',
        'Allen Road',
      ],
      ...[
        '[PHONE]',
        '[NAME]',
        '[',
        ']',
        '\n',
        '\u200b',
        '\u0301',
        '\ud83d',
        ' ',
        ' ',
        '*',
        '#',
        'is',
        'to',
        'Regards,',
      ],
    ),
  );

  it('twice changes nothing, and no run of eleven digits survives it', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('', ' '), (pieces, glue) => {
        const once = redact(pieces.join(glue));
        expect(redact(once)).toBe(once);
        expect(once).not.toMatch(/(^| )0[789][01]\d{8}( |$)/);
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives spans in order and apart, inside the text, and between characters', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join(' ').toWellFormed();
        let at = 0;
        for (const { start, end } of personalSpans(text, 'NG')) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          expect(text.slice(start, end).isWellFormed()).toBe(true);
          expect(text.slice(start, end).trim()).toBe(text.slice(start, end));
          at = end;
        }
        expect(at).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1_000 },
    );
  });
});
