import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Complaint } from '../../src/complaint/gold.js';
import { createCipher } from '../../src/governance/cipher.js';
import { redactText } from '../../src/governance/privacy/redact.js';
import { decide, type Facts } from '../../src/routing/decide.js';
import { pipeline, type Step } from '../../src/transform/step.js';
import { cleanText } from '../../src/transform/steps/clean.js';
import { customerHash } from '../../src/transform/steps/identify.js';

describe('cleaning', () => {
  it.each([
    ['a&amp;b &lt;3 &#8358;500 &#x20A6;', 'a&b <3 ₦500 ₦'],
    ['&amp;amp;lt;', '<'],
    [`&${'amp;'.repeat(4_999)}`, '&'],
    ['zero\u200bwidth\u00ad and \u202ebidi\u0000', 'zerowidth and bidi'],
    ['  many   spaces \r\n\r\n\r\n\r\nand lines\u2028here ', 'many spaces\n\nand lines\nhere'],
    ['family 👨‍👩‍👧 stays', 'family 👨‍👩‍👧 stays'],
    ['e\u0323 jo\u0323\u0300wo\u0323\u0301', 'ẹ jọ̀wọ́'],
    ['half \ud83d an emoji', 'half \ufffd an emoji'],
    ['\u200b\u200b', ''],
  ])('%j becomes %j', (raw, clean) => expect(cleanText(raw)).toBe(clean));

  it('twice changes nothing', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom(
        '&',
        'amp;',
        '&lt;',
        '&#38;',
        '&#x26;',
        ' ',
        '\n',
        '\r',
        '\u200b',
        '&nbsp;',
        '\u0085',
        '\u00a0',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = cleanText(pieces.join(''));
        expect(cleanText(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('redaction', () => {
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
  ])('%j becomes %j', (text, expected) => expect(redactText(text, 'NG')).toBe(expected));

  it.each([
    'I paid ₦5,000 for 10GB on 2026-11-24 and got 500MB',
    'dial *131*1# or 300',
    'NGN 1 200 000 went on 24/11/2026 at 18:40',
    'reference 7K3M9-QX2TA-W',
    '@BeejanCares 5G in Ikeja is 3 out of 10',
    'since 24-11-2026 18:40 nothing',
  ])('leaves %j', (text) => expect(redactText(text, 'NG')).toBe(text));

  it.each([
    ['digits', '7'.repeat(19_990)],
    ['pairs', '0-8 '.repeat(4_990)],
    ['prefixes', '+234'.repeat(5_000)],
  ])('takes a text of nothing but %s for one number', (_, text) =>
    expect(redactText(text, 'NG').trim()).toBe('[PHONE]'),
  );

  it('twice changes nothing, and no run of eleven digits survives it', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom(
        '08031234567',
        ' 0803 ',
        '123 4567',
        '@example.com',
        'ada',
        '+234',
        '-',
        ' ',
        '[PHONE]',
        '₦5,000',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const once = redactText(pieces.join(' '), 'NG');
        expect(redactText(once, 'NG')).toBe(once);
        expect(once).not.toMatch(/(^| )0[789][01]\d{8}( |$)/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the customer', () => {
  const cipher = createCipher({ encryption: new Map([[1, Buffer.alloc(32, 1)]]), hash: Buffer.alloc(32, 2) });

  it('is the same for every spelling of a number', () => {
    const spellings = [
      '08031234567',
      '+2348031234567',
      '0803 123 4567',
      '+234-803-123-4567',
      '2348031234567',
    ];
    const hashes = spellings.map((msisdn) => customerHash({ msisdn }, cipher, 'NG'));
    expect(new Set(hashes).size).toBe(1);
    expect(customerHash({ msisdn: '08031234568' }, cipher, 'NG')).not.toBe(hashes[0]);
  });

  it('is nobody where nothing identifies one', () => {
    expect(customerHash({}, cipher, 'NG')).toBeUndefined();
    expect(customerHash({ msisdn: 'unknown' }, cipher, 'NG')).toBeUndefined();
    expect(customerHash({ handle: '@Ada' }, cipher, 'NG')).toBe(
      customerHash({ handle: 'ada' }, cipher, 'NG'),
    );
  });
});

describe('the routing decision', () => {
  const now = new Date('2026-11-25T10:00:00Z');
  const desk = {
    version: 'v1',
    triage: 'triage',
    match: () => ({ rule: 'r', team: 'billing', priority: 'normal' as const }),
    destinations: (team: string) => [{ sink: 'tickets', target: team }],
  };
  const facts: Facts = {
    id: 'c1',
    feed: 'api',
    source: 'api',
    occurredAt: now,
    receivedAt: now,
    effective: { category: 'billing', sentiment: 'negative', complaint: 'y', urgency: 'normal', by: 'model' },
    confidence: 0.9,
    negative: true,
    negativeScore: 0.9,
    review: [],
    route: 'auto',
    routeWithinMs: 3_600_000,
    closedStatuses: ['closed'],
  };
  const old = { occurredAt: new Date('2015-04-01T00:00:00Z') };
  const stateOf = (change: Partial<Facts>): Complaint['routing'] =>
    decide({ ...facts, ...change }, desk, now);

  it.each([
    [{}, 'due'],
    [{ negative: false }, 'not_negative'],
    [{ negative: false, review: ['abstained_urgency'] }, 'not_negative'],
    [{ negative: false, review: ['abstained_sentiment'] }, 'due'],
    [{ negative: false, review: ['abstained_complaint'] }, 'due'],
    [old, 'historic'],
    [{ ...old, sourceStatus: ' Closed ' }, 'closed_at_source'],
    [{ sourceStatus: 'Open' }, 'due'],
    [{ ...old, sourceStatus: 'Closed', route: 'always' as const }, 'due'],
    [{ route: 'never' as const }, 'held'],
    [{ negative: false, route: 'always' as const }, 'not_negative'],
  ])('of %j is %s', (change, state) => {
    const routing = stateOf(change);
    expect(routing.state).toBe(state);
    expect(routing.deliveries.length).toBe(state === 'due' ? 1 : 0);
  });

  it('sends to triage what the model is unsure of, and names its deliveries the same every time', () => {
    expect(stateOf({ review: ['abstained_sentiment'] })).toMatchObject({ team: 'triage', rule: 'abstained' });
    expect(stateOf({})).toEqual(stateOf({}));
    expect(stateOf({}).deliveries).toEqual([
      { id: 'c1-1-tickets-billing', sink: 'tickets', target: 'billing' },
    ]);
  });
});

describe('a pipeline', () => {
  type Item = { readonly id: string; readonly n: number };
  const odd: Step<Item, Item> = (items) =>
    items.map((i) => (i.n % 2 === 1 ? { ok: i } : { quarantine: 'no_text' as const, detail: 'even' }));

  it('hands on what goes through and says where the rest stopped', async () => {
    const run = pipeline<Item>()
      .pipe(odd)
      .pipe<Item>((items) => items.map((i) => (i.n > 3 ? { retry: 'big' } : { ok: i })));
    const result = await run.run([1, 2, 3, 5].map((n) => ({ id: `i${n}`, n })));
    expect(result.done.map((i) => i.id)).toEqual(['i1', 'i3']);
    expect(result.stopped).toEqual([
      { id: 'i2', quarantine: 'no_text', detail: 'even' },
      { id: 'i5', retry: 'big' },
    ]);
  });

  it('does not believe a step that answers too little', async () => {
    const lossy: Step<Item, Item> = function lossy(items) {
      return items.slice(1).map((ok) => ({ ok }));
    };
    await expect(
      pipeline<Item>()
        .pipe(lossy)
        .run([{ id: 'a', n: 1 }]),
    ).rejects.toThrow('step lossy answered 0 of 1 items');
  });
});
