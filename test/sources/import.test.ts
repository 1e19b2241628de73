import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openQueues } from '../../src/queue/queues.js';
import { importFile, STOPPED } from '../../src/sources/import.js';
import { redisAddress, uniqueName } from '../support/stores.js';
import {
  bring,
  core,
  file,
  folder,
  ledger,
  operations,
  rows,
  runs,
  silent,
  store,
  useImportSite,
} from './support/import-site.js';

useImportSite();

describe('a file that is as it should be', () => {
  it('is in staging as one run of receipts that cover its rows in order', async () => {
    const seen: { rows: number; share: number }[] = [];
    const result = await bring(file(`id,what\n${rows(700)}`), { onProgress: (p) => seen.push(p) });
    expect(result).toMatchObject({
      status: 'success',
      counts: { read: 700, accepted: 700, repeated: 0, conflict: 0, refused: 0 },
      file: { lines: 701, linesCovered: 701 },
    });
    expect(seen.map((p) => p.rows)).toEqual([256, 512, 700]);
    expect(seen.at(-1)?.share).toBe(1);
    const receipts = await core.staging.receiptsOf(result.run).toArray();
    expect(receipts.map((r) => [r.seq, r.state, r.rows?.from, r.rows?.to])).toEqual([
      [0, 'closed', 1, 256],
      [1, 'closed', 257, 512],
      [2, 'closed', 513, 700],
    ]);
    const record = await store.db.collection('staging').findOne({ 'position.index': 700 });
    expect(record).toMatchObject({ lane: 'bulk', route: 'auto', status: 'received', run: result.run });
    expect(await operations().run(result.run)).toMatchObject({
      kind: 'import',
      status: 'success',
      trigger: 'cli',
    });
    expect((await ledger()).verdict).toBe('balanced');
  });

  it('is repeated as a whole when it comes again, and the rest of a longer one is accepted', async () => {
    await bring(file(`id,what\n${rows(300)}`));
    expect((await bring(file(`id,what\n${rows(300)}`))).counts).toMatchObject({ accepted: 0, repeated: 300 });
    const longer = await bring(file(`id,what\n${rows(310)}`));
    expect(longer).toMatchObject({ status: 'success', counts: { read: 310, accepted: 10, repeated: 300 } });
    expect((await ledger()).verdict).toBe('balanced');
  });

  it('keeps equal rows of a feed without ids apart, and knows them when they come again', async () => {
    const path = file('what\nslow\nslow\nslow\n');
    expect((await bring(path, { feed: 'plain' })).counts).toMatchObject({ accepted: 3 });
    expect((await bring(path, { feed: 'plain' })).counts).toMatchObject({ accepted: 0, repeated: 3 });
  });

  it('may have a heading and nothing else: a success with nothing in it', async () => {
    expect(await bring(file('id,what\n'))).toMatchObject({ status: 'success', counts: { read: 0 } });
    expect((await ledger()).verdict).toBe('balanced');
  });

  it('carries what the import says about routing on every record', async () => {
    await bring(file(`id,what\n${rows(3)}`), { route: 'never' });
    expect(await store.db.collection('staging').countDocuments({ route: 'never' })).toBe(3);
  });

  it('is offered to the transform queue, a job a receipt', async () => {
    const queues = openQueues({ redis: redisAddress(), prefix: uniqueName(), onError: silent });
    try {
      await bring(file(`id,what\n${rows(600)}`), { queues });
      expect(await queues.waiting('transform-bulk')).toBe(3);
    } finally {
      await queues.close();
    }
  });
});

describe('a file with something to look at', () => {
  it('is partial where an id says something else than before; both versions are kept', async () => {
    await bring(file('id,what\n1,slow\n'));
    const result = await bring(file('id,what\n1,fast\n2,new\n'));
    expect(result).toMatchObject({
      status: 'partial',
      cause: 'conflicts',
      counts: { accepted: 1, conflict: 1 },
    });
    expect(await store.db.collection('staging').countDocuments()).toBe(3);
    expect((await ledger()).verdict).toBe('balanced');
  });

  it('quarantines a row that is too large and takes its neighbours', async () => {
    const result = await bring(file(`id,what\n1,a\n2,${'x'.repeat(300_000)}\n3,b\n`));
    expect(result).toMatchObject({
      status: 'partial',
      cause: 'quarantined',
      unusable: 1,
      counts: { accepted: 3 },
    });
    expect(await store.db.collection('staging').countDocuments({ reason: 'too_large' })).toBe(1);
  });
});

describe('trouble half way', () => {
  it('a quote that is never closed costs its own row, and says which', async () => {
    const result = await bring(file(`id,what\n${rows(300)}301,"no end\n${rows(20, 302)}`));
    expect(result).toMatchObject({
      status: 'partial',
      cause: 'quarantined',
      counts: { read: 321, accepted: 321 },
      unusable: 1,
      quarantined: [{ count: 1, rows: [301] }],
    });
    expect((await ledger()).verdict).toBe('balanced');
  });

  it.each([
    ['empty_file', ''],
    ['headings_do_not_fit', 'number,words\n1,slow\n'],
  ])('%s is a failed run that accepted nothing', async (cause, content) => {
    await expect(bring(file(content))).rejects.toMatchObject({ code: cause });
    expect(await operations().recentRuns(2)).toMatchObject([{ status: 'failed', cause }]);
    expect((await ledger()).verdict).toBe('balanced');
  });

  it('stopped by hand: what was accepted stays, and the same import goes on with the rest', async () => {
    const path = file(`id,what\n${rows(2_000)}`);
    const hand = new AbortController();
    const result = await bring(path, { signal: hand.signal, onProgress: () => hand.abort() });
    expect(result).toMatchObject({ status: 'failed', cause: STOPPED });
    expect(result.error).toBeUndefined();
    expect(result.counts.accepted).toBeLessThan(2_000);
    expect((await ledger()).verdict).toBe('balanced');
    const rest = await bring(path);
    expect(rest).toMatchObject({
      run: result.run,
      status: 'success',
      resumedAfter: result.counts.accepted,
      counts: { read: 2_000, accepted: 2_000, repeated: 0 },
    });
    expect((await ledger()).verdict).toBe('balanced');
    expect(await operations().recentRuns(2)).toMatchObject([{ status: 'success', resumed: { times: 1 } }]);
  });

  it('a write that fails: nothing is called safe that is not, and the ledger adds up', async () => {
    let inserts = 0;
    const { insert } = core.staging;
    const staging = {
      ...core.staging,
      insert: async (records: Parameters<typeof insert>[0]) => {
        inserts += 1;
        // Half of the third batch arrives, then the server says no.
        if (inserts === 5) await insert(records.slice(0, 100));
        if (inserts === 5) throw Object.assign(new Error('no'), { name: 'MongoServerError', code: 14031 });
        return insert(records);
      },
    };
    const path = file(`id,what\n${rows(1_500)}`);
    const result = await importFile({ core: { ...core, staging }, runs, feed: 'calls', path });
    expect(result).toMatchObject({ status: 'failed', cause: 'MongoServerError' });
    expect(await store.db.collection('staging').countDocuments()).toBe(result.counts.accepted);
    expect((await ledger()).verdict).toBe('balanced');
    const rest = await bring(path);
    expect(rest).toMatchObject({ run: result.run, resumedAfter: 512, counts: { accepted: 1_500 } });
    expect(await store.db.collection('staging').countDocuments()).toBe(1_500);
    expect((await ledger()).verdict).toBe('balanced');
  });
});

describe('what is turned away before anything is written', () => {
  const pipe = (): string => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    return path;
  };
  it.each([
    ['an unknown feed', () => file('id,what\n'), 'cals', 'unknown_feed', 'Did you mean "calls"?'],
    ['a feed without mapping', () => file('id,what\n'), 'api', 'feed_without_mapping', 'config/sources.yaml'],
    ['no file', () => join(folder, 'absent.csv'), 'calls', 'file_unreadable', 'ENOENT'],
    ['a folder', () => folder, 'calls', 'file_unreadable', 'folder'],
    ['a pipe', pipe, 'calls', 'not_a_file', 'Write it to a file first'],
  ])('%s', async (_, path, feed, code, words) => {
    const error = await bring(path(), { feed }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'RedressError', code, message: expect.stringContaining(words) });
    expect(await operations().recentRuns(1)).toEqual([]);
  });
});
