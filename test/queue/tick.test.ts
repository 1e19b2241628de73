import { describe, expect, it } from '@jest/globals';
import { dueTasks } from '../../workers/tick.js';

const task = (name: string, everyMs: number) => ({ name, everyMs, run: async () => {} });

describe('what is due at a tick', () => {
  const tasks = [task('often', 1_000), task('seldom', 10_000)];
  it('is what never ran, then what waited long enough, in the order of the list', () => {
    const names = (last: [string, number][], now: number) =>
      dueTasks(tasks, new Map(last), now).map((t) => t.name);
    expect(names([], 0)).toEqual(['often', 'seldom']);
    expect(
      names(
        [
          ['often', 0],
          ['seldom', 0],
        ],
        999,
      ),
    ).toEqual([]);
    expect(
      names(
        [
          ['often', 0],
          ['seldom', 0],
        ],
        1_000,
      ),
    ).toEqual(['often']);
    expect(
      names(
        [
          ['often', 9_000],
          ['seldom', 0],
        ],
        10_000,
      ),
    ).toEqual(['often', 'seldom']);
  });
});
