import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor, findComplaint, findComplaints } from '../../src/gold/query.js';
import { readTrends } from '../../src/gold/trends.js';
import { fold, stems } from '../../src/gold/words.js';
import { envelope } from '../staging/envelopes.js';
import { type TestPipeline, testPipeline } from '../support/pipeline.js';

let p: TestPipeline;
const at = (text: string, id: string, occurredAt: string) => ({
  ...envelope(text, id),
  raw: Buffer.from(JSON.stringify({ text, occurredAt })),
});
beforeAll(async () => {
  p = await testPipeline();
  await p.accept([
    at('Network is terrible in Ẹ̀kọ́, no signal', 'q1', '2026-11-24T22:30:00Z'),
    at('The networks are terrible again', 'q2', '2026-11-24T23:30:00Z'),
    at('Thank you, great service', 'q3', '2026-11-25T00:10:00Z'),
    at('My money is gone, thieves', 'q4', '2026-11-25T00:10:00Z'),
    at('My money is gone again, thieves', 'q5', '2026-11-25T00:10:00Z'),
  ]);
  await p.transformAll();
});
afterAll(() => p.close());

describe('finding complaints', () => {
  it('by words in any form, with or without accents', async () => {
    const find = async (words: string) => (await findComplaints(p.gold, { words, limit: 10 })).items.length;
    expect(await find('NETWORKS')).toBe(2);
    expect(await find('network eko')).toBe(1);
    expect(await find('network money')).toBe(0);
  });

  it('page by page, newest first, none twice and none left out, also where times are equal', async () => {
    const seen: string[] = [];
    let cursor: ReturnType<typeof decodeCursor>;
    for (let pages = 0; pages < 10; pages++) {
      const page = await findComplaints(p.gold, { limit: 2, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map((c) => c._id));
      if (!page.next) break;
      cursor = decodeCursor(encodeCursor(page.next));
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  it('by time, from included, to not', async () => {
    const range = { from: new Date('2026-11-24T23:30:00Z'), to: new Date('2026-11-25T00:10:00Z'), limit: 10 };
    expect((await findComplaints(p.gold, range)).items).toHaveLength(1);
  });

  it('by id and by a reference as it was typed', async () => {
    const [one] = (await findComplaints(p.gold, { limit: 1 })).items;
    expect((await findComplaint(p.gold, one?.reference.toLowerCase().replaceAll('-', ' ') ?? ''))?._id).toBe(
      one?._id,
    );
    expect((await findComplaint(p.gold, one?._id ?? ''))?._id).toBe(one?._id);
    expect(await findComplaint(p.gold, 'nothing')).toBeNull();
  });

  it('does not take a forged cursor', () => {
    for (const text of [
      '',
      '!!',
      Buffer.from('[1]').toString('base64url'),
      Buffer.from('{"$gt":""}').toString('base64url'),
    ])
      expect(decodeCursor(text)).toBeUndefined();
  });
});

describe('trends', () => {
  const range = { from: new Date('2026-11-24T00:00:00Z'), to: new Date('2026-11-26T00:00:00Z') };

  it('count what gold holds, by hour and by day of the zone', async () => {
    const hours = await readTrends(p.gold, { ...range, by: 'hour', split: [], zone: 'UTC' });
    expect(hours.map((h) => [h.at, h.count])).toEqual([
      ['2026-11-24T22:00:00.000Z', 1],
      ['2026-11-24T23:00:00.000Z', 1],
      ['2026-11-25T00:00:00.000Z', 3],
    ]);
    const lagos = await readTrends(p.gold, { ...range, by: 'day', split: [], zone: 'Africa/Lagos' });
    expect(lagos.map((d) => [d.at, d.count])).toEqual([
      ['2026-11-24', 1],
      ['2026-11-25', 4],
    ]);
  });

  it('follow gold when it changes, and split and filter', async () => {
    await p.accept([at('Network is down again, useless', 'q6', '2026-11-24T22:40:00Z')]);
    await p.transformAll();
    const split = await readTrends(p.gold, { ...range, by: 'day', split: ['sentiment'], zone: 'UTC' });
    expect(split.reduce((sum, s) => sum + s.count, 0)).toBe(6);
    const negative = await readTrends(p.gold, {
      ...range,
      by: 'day',
      split: [],
      zone: 'UTC',
      only: { negative: true },
    });
    const direct = (await findComplaints(p.gold, { negative: true, limit: 50 })).items.length;
    expect(negative.reduce((sum, s) => sum + s.count, 0)).toBe(direct);
  });
});

describe('words', () => {
  it('are folded and stemmed, each once, in order, bounded', () => {
    expect(fold('Ẹ jọ̀wọ́ ɓaɗ')).toBe('e jowo bad');
    expect(stems('Calling calls CALLED 5G 5g a')).toEqual(['call', '5g']);
    expect(stems('a b c d ef gh', 1)).toEqual(['ef']);
  });
});
