import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findQuarantined, type QuarantineFilter } from '../../src/staging/quarantine.js';
import { acceptConflict, discard, replay } from '../../src/staging/quarantine-decide.js';
import { ANGRY, type QuarantineDesk, quarantineDesk, row } from './quarantine-desk.js';

let desk: QuarantineDesk;
let p: QuarantineDesk['p'];
beforeAll(async () => {
  desk = await quarantineDesk();
  p = desk.p;
});
afterAll(() => p.close());

describe('the ledger', () => {
  /** Small and seeded: a failure says its seed. */
  const random = (seed: number) => () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };

  it.each([1, 2, 3])('adds up after any sequence of decisions (seed %i)', async (seed) => {
    const next = random(seed);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
    const feeds = [
      desk.feedWith('words', 'YYYY-MM-DD'),
      desk.feedWith('words', 'DD/MM/YYYY'),
      desk.feedWith('no', 'iso'),
    ];
    const runs: string[] = [];
    const some = async (): Promise<QuarantineFilter> => {
      const run = pick(runs);
      const status = pick(['quarantined', 'failed', 'conflict'] as const);
      const { items } = await findQuarantined(p.staging, { run, status }, { limit: 20 });
      const ids = items.filter(() => next() < 0.5).map((i) => i.id);
      return next() < 0.5 && ids.length > 0 ? { ids } : { run, status };
    };
    const acts = [
      async () => {
        const rows = Array.from({ length: 12 }, () => {
          const id = `x${Math.floor(next() * 30)}`;
          const text = pick(['', ANGRY, `${ANGRY} again`]);
          const made = row(id, pick(['2026-11-25', '25/11/2026', 'soon']), text, `calls${seed}`);
          const cut = next() < 0.1 && { reason: { code: 'too_large' as const, detail: 'cut' } };
          return cut ? { ...made, ...cut } : made;
        });
        runs.push((await p.accept(rows, `calls${seed}`)).run);
      },
      () => desk.work(pick(feeds)),
      async () => replay(await some(), desk.deps()),
      async () => discard(await some(), 'by chance', desk.deps()),
      async () => {
        const filter = { run: pick(runs), status: 'conflict' } as const;
        const [item] = (await findQuarantined(p.staging, filter, { limit: 1 })).items;
        if (item) await acceptConflict(item.id, desk.deps());
      },
    ];
    await acts[0]?.();
    for (let i = 0; i < 40; i++) await pick(acts)();
    const balance = async () =>
      (await desk.settled()).rows.filter((r) => runs.includes(r.run)).map((r) => [r.verdict, ...r.broken]);
    for (const [verdict, ...broken] of await balance()) expect([verdict, broken]).toEqual(['balanced', []]);
    await desk.work(pick(feeds));
    const { rows } = await desk.settled();
    for (const r of rows.filter((r) => runs.includes(r.run))) {
      const conflicts = await p.store.db
        .collection('staging')
        .countDocuments({ run: r.run, status: 'conflict' });
      const kept = await p.store.db
        .collection('staging')
        .countDocuments({ run: r.run, conflictsWith: { $exists: true } });
      expect(r.transformed + r.quarantined + r.discarded + r.failed + conflicts).toBe(r.accepted + kept);
      expect({ verdict: r.verdict, inFlight: r.inFlight }).toEqual({ verdict: 'balanced', inFlight: 0 });
    }
  });
});
