import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { limit } from '../../src/complaint/limits.js';
import { createKeyProfiler, reportKeyDrift } from '../../src/staging/drift.js';
import { compareKeys, nextKeys } from '../../src/staging/drift-keys.js';
import { testStore } from '../support/stores.js';
import { envelope, posted } from './envelopes.js';

/** Posts whose keys depend on their number. */
function profile(n: number, keysOf: (i: number) => Record<string, string>) {
  const profiler = createKeyProfiler();
  profiler.envelopes(Array.from({ length: n }, (_, i) => posted(keysOf(i))));
  return profiler.finish();
}
const usual = (i: number) => ({ city: 'Aba', ...(i % 10 === 0 ? { plan: 'gold' } : {}) });
const kinds = (now: ReturnType<typeof profile>, before = profile(100, usual)) =>
  compareKeys(before, now).map((d) => `${d.kind} ${d.column}`);

describe('the keys of posts', () => {
  it('are told when they are new, gone, or hold something else', () => {
    expect(kinds(profile(100, usual))).toEqual([]);
    expect(kinds(profile(100, (i) => ({ ...usual(i), tower: `T${i}` })))).toEqual(['new_column tower']);
    expect(kinds(profile(100, (i) => (i % 10 === 0 ? { plan: 'gold' } : {})))).toEqual([
      'missing_column city',
    ]);
    expect(kinds(profile(100, (i) => ({ ...usual(i), city: String(i) })))).toEqual(['type_change city']);
  });

  it('may be left out: what few posts had is not missed, what few have is not new', () => {
    expect(kinds(profile(100, () => ({ city: 'Aba' })))).toEqual([]);
    expect(kinds(profile(100, (i) => ({ ...usual(i), [`odd${i}`]: 'x' })))).toEqual([]);
    const next = nextKeys(
      profile(100, usual),
      profile(100, (i) => ({ city: 'Aba', [`odd${i}`]: 'x' })),
    );
    expect(next.columns.map((c) => c.name)).toEqual(['city', 'plan']);
    expect(kinds(profile(100, usual), next)).toEqual([]);
  });

  it('are bounded, whatever is sent, and of many posts a part is opened', () => {
    const many = profile(500, (i) =>
      Object.fromEntries(Array.from({ length: 90 }, (_, k) => [`k${i}-${k}`, 'x'])),
    );
    expect(many.columns).toHaveLength(limit('extraKeys'));
    expect(many.rows).toBeLessThan(250);
    const odd = createKeyProfiler();
    odd.envelopes([
      { ...envelope('x'), raw: Buffer.from('{') },
      { ...envelope('x'), raw: Buffer.from('null') },
      { ...envelope('x'), raw: Buffer.from('{"extra":{"constructor":"a","n":5}}') },
    ]);
    expect(odd.finish().columns.map((c) => c.name)).toEqual(['constructor']);
  });

  describe('from run to run', () => {
    let store: Awaited<ReturnType<typeof testStore>>;
    beforeAll(async () => {
      store = await testStore();
    });
    afterAll(() => store.drop());

    it('are told once; a run of few posts changes nothing', async () => {
      const report = (run: string, now: ReturnType<typeof profile>) =>
        reportKeyDrift({ store, feed: 'api', run, profile: now }).then((found) => found.map((d) => d.kind));
      const changed = profile(100, (i) => ({ ...usual(i), tower: 'T' }));
      expect(await report('r1', profile(100, usual))).toEqual([]);
      expect(
        await report(
          'r2',
          profile(49, () => ({ other: 'x' })),
        ),
      ).toEqual([]);
      expect(await report('r3', changed)).toEqual(['new_column']);
      expect(await report('r3', changed)).toEqual(['new_column']);
      expect(await report('r4', changed)).toEqual([]);
    });
  });
});
