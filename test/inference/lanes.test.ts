import { describe, expect, it } from '@jest/globals';
import { Lanes, type Request } from '../../src/inference/lanes.js';

const request = (...texts: string[]): Request => ({
  items: texts.map((text, i) => ({ id: String(i), text })),
  results: [],
  next: 0,
  left: texts.length,
  failed: false,
  resolve: () => {},
  reject: () => {},
});
const one = { chars: 1, items: 1 };
const texts = (batch: readonly { text: string }[]): string => batch.map((p) => p.text).join(' ');

describe('lanes', () => {
  it('takes four live batches, then one of bulk, while both wait', () => {
    const lanes = new Lanes();
    lanes.add('bulk', request('b', 'b', 'b'));
    lanes.add('live', request(...Array.from({ length: 9 }, () => 'l')));
    const order = Array.from({ length: 13 }, () => texts(lanes.take(one)) || '-').join('');
    expect(order).toBe('llllbllllblb-');
  });

  it('serves live, then who asks, then bulk, and starves none of them', () => {
    const lanes = new Lanes();
    const many = (text: string) => request(...Array.from({ length: 40 }, () => text));
    lanes.add('bulk', many('b'));
    lanes.add('asked', many('a'));
    lanes.add('live', many('l'));
    const order = Array.from({ length: 24 }, () => texts(lanes.take(one))).join('');
    expect(order).toBe('llllallllbllllallllbllll');
    const later = new Lanes();
    later.add('bulk', many('b'));
    later.add('asked', many('a'));
    expect(Array.from({ length: 10 }, () => texts(later.take(one))).join('')).toBe('aaaabaaaab');
  });

  it('counts what a text becomes to a model: names of emoji, letters of a ligature', () => {
    const lanes = new Lanes();
    const budget = { chars: 8_192, items: 32 };
    lanes.add('bulk', request(...Array.from({ length: 32 }, () => 'ﷺ'.repeat(256))));
    expect(lanes.take(budget).length).toBeLessThan(5);
    const plain = new Lanes();
    plain.add('bulk', request(...Array.from({ length: 40 }, () => 'x'.repeat(256))));
    expect(plain.take(budget)).toHaveLength(32);
  });

  it('does not count live batches that kept nobody waiting', () => {
    const lanes = new Lanes();
    lanes.add('live', request('l', 'l', 'l', 'l', 'l', 'l'));
    for (let i = 0; i < 5; i++) lanes.take(one);
    lanes.add('bulk', request('b'));
    expect(texts(lanes.take(one))).toBe('l');
    expect(texts(lanes.take(one))).toBe('b');
  });

  it('fills a batch over several requests up to its budget, and lets a huge text pass alone', () => {
    const lanes = new Lanes();
    lanes.add('bulk', request('aaaa', 'bbbb'));
    lanes.add('bulk', request('cccc', 'x'.repeat(50), 'd'));
    const batches = Array.from({ length: 4 }, () => lanes.take({ chars: 12, items: 10 }).length);
    expect(batches).toEqual([3, 1, 1, 0]);
    lanes.add('bulk', request('a', 'b', 'c'));
    expect(texts(lanes.take({ chars: 12, items: 2 }))).toBe('a b');
  });

  it('passes over what is left of a failed request', () => {
    const lanes = new Lanes();
    const failed = request('a', 'b');
    lanes.add('live', failed);
    lanes.add('live', request('c'));
    lanes.take(one);
    failed.failed = true;
    expect(texts(lanes.take(one))).toBe('c');
    expect(lanes.take(one)).toEqual([]);
  });
});
