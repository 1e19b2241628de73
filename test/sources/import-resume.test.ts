import { describe, expect, it } from '@jest/globals';
import { parseFeeds } from '../../src/config/feeds.js';
import type { ImportOptions } from '../../src/sources/import.js';
import { driftStore } from '../../src/staging/drift-store.js';
import { bring, core, FEEDS, file, ledger, rows, store, useImportSite } from './support/import-site.js';

useImportSite();

describe('an import that goes on', () => {
  /** An import that was stopped after some batches. */
  async function stopped(path: string, more: Partial<ImportOptions> = {}) {
    const hand = new AbortController();
    return bring(path, { signal: hand.signal, onProgress: () => hand.abort(), ...more });
  }

  it('goes on under any name, as it is the content that counts', async () => {
    const content = `id,what\n${rows(2_000)}`;
    const first = await stopped(file(content));
    expect((await bring(file(content))).run).toBe(first.run);
  });

  it.each<[string, Partial<ImportOptions>]>([
    ['--fresh', { fresh: true }],
    ['another route', { route: 'never' }],
  ])('begins anew with %s', async (_, more) => {
    const path = file(`id,what\n${rows(2_000)}`);
    const first = await stopped(path);
    const second = await bring(path, more);
    expect(second.run).not.toBe(first.run);
    expect(second.resumedAfter).toBeUndefined();
    expect(second.counts).toMatchObject({ read: 2_000, repeated: first.counts.accepted });
    expect((await ledger()).verdict).toBe('balanced');
  });

  it('begins anew with other settings of the feed', async () => {
    const path = file(`id,what\n${rows(2_000)}`);
    const first = await stopped(path);
    const feeds = parseFeeds(FEEDS.replace('[id]', '[id, what]'), 'sources.yaml', {
      routeWithin: 1,
      region: 'NG',
      zone: 'UTC',
    });
    const second = await bring(path, { core: { ...core, feeds } });
    expect(second.run).not.toBe(first.run);
    expect(second.counts.read).toBe(2_000);
  });

  it('begins anew once it has ended: then all is repeated', async () => {
    const path = file(`id,what\n${rows(10)}`);
    const first = await bring(path);
    const second = await bring(path);
    expect(second.run).not.toBe(first.run);
    expect(second.counts).toMatchObject({ read: 10, repeated: 10 });
  });

  it('leaves a run alone whose process lives', async () => {
    const path = file(`id,what\n${rows(600)}`);
    let inTheMiddle: unknown;
    const first = await bring(path, {
      core: {
        ...core,
        staging: {
          ...core.staging,
          async insert(...records) {
            inTheMiddle ??= await bring(path).catch((e: unknown) => e);
            return core.staging.insert(...records);
          },
        },
      },
    });
    expect(inTheMiddle).toMatchObject({ code: 'import_under_way' });
    expect(first).toMatchObject({ status: 'success', counts: { accepted: 600 } });
    expect((await ledger()).verdict).toBe('balanced');
  });

  it('counts what was in quarantine before the stop', async () => {
    const path = file(`id,what\n1,${'x'.repeat(300_000)}\n${rows(2_000, 2)}`);
    const first = await stopped(path);
    expect(first).toMatchObject({ status: 'failed', unusable: 1 });
    expect(await bring(path)).toMatchObject({
      run: first.run,
      status: 'partial',
      cause: 'quarantined',
      quarantined: [{ reason: 'too_large', count: 1, rows: [1] }],
    });
  });

  it('finds the drift of the whole file, not of its rest', async () => {
    const lines = (n: number, place: (i: number) => string) =>
      `id,what,place\n${Array.from({ length: n }, (_, i) => `${i},no network,${place(i)}\n`).join('')}`;
    // In the second file a column is empty in a stretch that a resumed run has behind it.
    const before = lines(2_000, () => 'Aba');
    const after = lines(2_001, (i) => (i < 700 ? '' : 'Aba'));
    await bring(file(before));
    const undisturbed = await bring(file(after));
    expect(undisturbed.drift).toMatchObject([{ kind: 'nulls_jump', column: 'place' }]);
    const look = () => driftStore(store).look('calls');
    const whole = await look();

    for (const name of ['feeds', 'runs', 'receipts', 'staging'])
      await store.db.collection(name).deleteMany({});
    await bring(file(before));
    const path = file(after);
    const hand = new AbortController();
    await stopped(path, {
      signal: hand.signal,
      onProgress: ({ rows }) => {
        if (rows > 700) hand.abort();
      },
    });
    const resumed = await bring(path);
    expect(resumed.resumedAfter).toBeGreaterThan(700);
    expect(resumed).toMatchObject({ status: undisturbed.status, cause: undisturbed.cause });
    expect(resumed.drift).toEqual(undisturbed.drift);
    expect((await look())?.profile).toEqual(whole?.profile);
  });

  it('gives each of identical rows the number that it would have had', async () => {
    const path = file(`what\n${'slow\n'.repeat(2_000)}`);
    const first = await stopped(path, { feed: 'plain' });
    expect(await bring(path, { feed: 'plain' })).toMatchObject({
      run: first.run,
      counts: { read: 2_000, accepted: 2_000 },
    });
    expect((await bring(path, { feed: 'plain' })).counts).toMatchObject({ accepted: 0, repeated: 2_000 });
  });
});

describe('a trailer', () => {
  const trailed = (count: number) => file(`id,what\n${rows(300)}TRAILER,${count}\n`);

  it('is no complaint, and its count is checked before anything is written', async () => {
    const result = await bring(trailed(300), { feed: 'trailed' });
    expect(result).toMatchObject({
      status: 'success',
      counts: { read: 300, accepted: 300 },
      file: { lines: 302, linesCovered: 302 },
    });
    expect((await ledger()).verdict).toBe('balanced');
    await expect(bring(trailed(301), { feed: 'trailed' })).rejects.toMatchObject({ code: 'file_incomplete' });
    const none = file(`id,what\n${rows(3)}`);
    await expect(bring(none, { feed: 'trailed' })).rejects.toMatchObject({ code: 'file_incomplete' });
    expect(await store.db.collection('staging').countDocuments()).toBe(300);
  });

  it('of a file without rows says 0', async () => {
    const result = await bring(file('id,what\nTRAILER,0\n'), { feed: 'trailed' });
    expect(result).toMatchObject({ status: 'success', counts: { read: 0 } });
  });
});
