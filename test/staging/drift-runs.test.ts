import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nextProfile, profileOf, reportDrift } from '../../src/staging/drift.js';
import { testStore } from '../support/stores.js';
import { file, HEADINGS, only, renamed } from './drift-files.js';

const before = file(300);

describe('runs of a feed', () => {
  let store: Awaited<ReturnType<typeof testStore>>;
  beforeAll(async () => {
    store = await testStore();
  });
  afterAll(() => store.drop());
  const report = (run: string, profile: ReturnType<typeof file>, feed = 'calls') =>
    reportDrift({ store, feed, run, profile });

  it('are compared with the run before; a change is told once, and again if the same run is done again', async () => {
    expect(await report('r1', before)).toEqual([]);
    const changed = file(300, { headings: renamed('status', 'state_of_ticket') });
    const found = await report('r2', changed);
    expect(found.map((d) => d.kind)).toEqual(['renamed_column']);
    expect(await report('r2', changed)).toEqual(found);
    expect(await report('r3', changed)).toEqual([]);
    expect(await report('o1', changed, 'other')).toEqual([]);
  });

  it('that bring nothing or next to nothing do not wipe out what was known', async () => {
    await report('s1', before, 'small');
    expect(await report('s2', profileOf(HEADINGS, []), 'small')).toEqual([]);
    expect(await report('s3', file(3), 'small')).toEqual([]);
    expect(
      (
        await report(
          's4',
          file(
            300,
            only('phone', (c) => c.slice(1)),
          ),
          'small',
        )
      ).map((d) => d.kind),
    ).toEqual(['type_change']);
  });

  it('keep headings that MongoDB would stumble over', async () => {
    const odd = profileOf(['$where', 'a.b', '__proto__', ''], [['1', '2', '3', '4']]);
    await report('p1', odd, 'odd');
    expect(await report('p2', odd, 'odd')).toEqual([]);
  });

  it('nextProfile keeps the columns of now and no others', () => {
    const now = profileOf(['id', 'new'], [['1', '2']]);
    const next = nextProfile(before, now);
    expect(next.columns.map((c) => [c.name, c.filled])).toEqual([
      ['id', 300],
      ['new', 1],
    ]);
  });
});
