import { describe, expect, it } from '@jest/globals';
import { faultsOf } from '../../bench/proofs/mayhem.js';
import { isDue, momentsOf, PHASES } from '../../bench/proofs/moments.js';
import { seeded } from '../../bench/proofs/random.js';

describe('random moments', () => {
  it('are the same for a seed and others for another', () => {
    const kills = { service: 5, mongodb: 5, redis: 5 };
    expect(momentsOf(kills, seeded(3))).toEqual(momentsOf(kills, seeded(3)));
    expect(momentsOf(kills, seeded(3))).not.toEqual(momentsOf(kills, seeded(4)));
    expect(faultsOf(seeded(3))).toEqual(faultsOf(seeded(3)));
  });

  it('hit every part as often as asked, in every phase', () => {
    for (let seed = 0; seed < 50; seed++) {
      const moments = momentsOf({ service: 3, mongodb: 4, redis: 0 }, seeded(seed));
      const of = (victim: string) => moments.filter((m) => m.victim === victim);
      expect([of('service').length, of('mongodb').length, of('redis').length]).toEqual([3, 4, 0]);
      for (const victim of ['service', 'mongodb'])
        expect(new Set(of(victim).map((m) => m.phase))).toEqual(new Set(PHASES));
      expect(moments.every((m) => m.at >= 0.02 && m.at <= 0.9)).toBe(true);
    }
  });

  it('come when their phase is that far, whatever the others do', () => {
    const moment = { victim: 'redis', phase: 'transform', at: 0.5 } as const;
    expect(isDue(moment, { import: 1, transform: 0.49, delivery: 0.9 })).toBe(false);
    expect(isDue(moment, { import: 1, transform: 0.5, delivery: 0 })).toBe(true);
  });
});
