import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INDEXES } from '../../src/store/indexes.js';
import { MIGRATIONS, type Migration, migrate } from '../../src/store/migrations/index.js';
import { isConnectionFailure, steady } from '../../src/store/steady.js';
import { testStore } from '../support/stores.js';

let store: Awaited<ReturnType<typeof testStore>>;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store.drop());

describe('migrations', () => {
  it('are numbered without gaps', () => {
    expect(MIGRATIONS.map((m) => m.number)).toEqual(MIGRATIONS.map((_, i) => i + 1));
  });

  it('make every index of the list, and nothing more the second time', async () => {
    await migrate(store);
    for (const collection of new Set(INDEXES.map((i) => i.collection))) {
      const there = (await store.db.collection(collection).indexes()).map((i) => JSON.stringify(i.key));
      const wanted = INDEXES.filter((i) => i.collection === collection).map((i) => JSON.stringify(i.key));
      expect(there.sort()).toEqual([...wanted, '{"_id":1}'].sort());
    }
  });

  it('run once each in order, and go on where a crash stopped them', async () => {
    const ran: number[] = [];
    let fails = true;
    const base = MIGRATIONS.length;
    const next = (n: number, act: () => void = () => {}): Migration => ({
      number: base + n,
      name: `test ${n}`,
      up: async () => {
        act();
        ran.push(n);
      },
    });
    const all = [
      ...MIGRATIONS,
      next(1),
      next(2, () => {
        if (fails) throw new Error('crash');
      }),
      next(3),
    ];
    await expect(migrate(store, all)).rejects.toThrow('crash');
    fails = false;
    expect(await migrate(store, all)).toEqual({ from: base + 1, to: base + 3 });
    expect(ran).toEqual([1, 2, 3]);
  });

  it('refuse data that is newer than the program, and leave it alone', async () => {
    await expect(migrate(store)).rejects.toThrow(/Start the newer program again/);
  });
});

describe('a steady operation', () => {
  const lost = () => Object.assign(new Error('read ECONNRESET'), { name: 'MongoNetworkError' });

  it('is tried again while the connection fails, and only then', async () => {
    let tries = 0;
    expect(
      await steady(async () => {
        tries += 1;
        if (tries < 3) throw lost();
        return tries;
      }),
    ).toBe(3);
    tries = 0;
    await expect(
      steady(async () => {
        tries += 1;
        throw new Error('E11000 duplicate key');
      }),
    ).rejects.toThrow('E11000');
    expect(tries).toBe(1);
    await expect(
      steady(async () => {
        throw lost();
      }, 10),
    ).rejects.toThrow('ECONNRESET');
  });

  it('gives up a try that is never answered, and tries again', async () => {
    let tries = 0;
    const answer = await steady(
      () => {
        tries += 1;
        return tries === 1 ? new Promise<number>(() => {}) : Promise.resolve(tries);
      },
      5_000,
      20,
    );
    expect(answer).toBe(2);
  });

  it('knows the ways in which a connection fails', () => {
    expect(isConnectionFailure(new Error('write EPIPE'))).toBe(true);
    expect(isConnectionFailure(new Error('outer', { cause: lost() }))).toBe(true);
    expect(isConnectionFailure(new Error('bad value'))).toBe(false);
  });
});
