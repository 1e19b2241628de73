import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Complaint } from '../../src/complaint/gold.js';
import { createCipher } from '../../src/governance/cipher.js';
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
