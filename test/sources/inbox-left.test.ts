import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { startInbox } from '../../workers/inbox.js';
import { atFirstWrite, calls, inboxDeps, rows, type Site, site } from './support/drop-folder.js';
import { of, open, staged, store, useDropFolders } from './support/drop-folder-suite.js';

useDropFolders();

describe('what was left in processing/', () => {
  async function stoppedInTheMiddle(): Promise<Site> {
    const stop = new AbortController();
    const s = await of('calls', { signal: stop.signal });
    s.put('calls.csv', calls(2_000));
    atFirstWrite(s, () => stop.abort());
    await s.settle();
    expect(s.list('processing').length).toBe(1);
    return s;
  }
  /** The same folder, in a process that was started again. */
  function again(s: Site): Site {
    const next = site(store);
    open.push(next);
    rmSync(next.root, { recursive: true, force: true });
    mkdirSync(join(next.dataDir, 'inbox'), { recursive: true });
    renameSync(s.root, next.root);
    return next;
  }

  it('by a stop goes on at the next start, in the same run', async () => {
    const s = again(await stoppedInTheMiddle());
    const [run] = s.list('processing');
    await s.folder.goOn();
    expect(s.report('done', 'calls.csv')).toMatchObject({
      run,
      resumed: 1,
      counts: { read: 2_000, accepted: 2_000, repeated: 0 },
    });
    expect(await store.db.collection('runs').countDocuments()).toBe(1);
    expect((await s.ledger()).verdict).toBe('balanced');
  });

  it('and was changed by somebody is read from the beginning, as a run of its own', async () => {
    const s = again(await stoppedInTheMiddle());
    const [run = ''] = s.list('processing');
    appendFileSync(s.path('processing', run, 'calls.csv'), rows(5, 9_000));
    await s.folder.goOn();
    const report = s.report('done', 'calls.csv');
    expect(report.run).not.toBe(run);
    expect(report.counts?.read).toBe(2_005);
    expect(await staged()).toBe(2_005);
    expect((await s.ledger()).verdict).toBe('balanced');
  });

  it('but ended is only moved', async () => {
    const s = await of();
    s.put('calls.csv', calls(30));
    await s.settle();
    const { run = '' } = s.report('done', 'calls.csv');
    mkdirSync(s.path('processing', run));
    renameSync(s.path('done', 'calls.csv'), s.path('processing', run, 'calls.csv'));
    rmSync(s.path('done', 'calls.csv.report.json'));
    await s.folder.goOn();
    expect(s.report('done', 'calls.csv')).toMatchObject({ run, counts: { accepted: 30, repeated: 0 } });
    expect(await store.db.collection('runs').countDocuments()).toBe(1);
  });

  it('and was taken away by somebody: its run is given up', async () => {
    const s = await of();
    const run = await s.deps.runs.start({
      kind: 'import',
      name: 'calls.csv',
      feed: 'calls',
      trigger: 'schedule',
      input: { sha256: 'x', reading: 'y', inbox: true },
    });
    await s.folder.goOn();
    expect(await s.deps.core.operations.run(run._id)).toMatchObject({ status: 'running' });
    // Its process is gone.
    const owner = { place: 'elsewhere', pid: 1, began: '' };
    const aliveAt = new Date(0);
    await store.db
      .collection<{ _id: string }>('runs')
      .updateOne({ _id: run._id }, { $set: { owner, aliveAt } });
    await s.folder.goOn();
    expect(await s.deps.core.operations.run(run._id)).toMatchObject({
      status: 'failed',
      cause: 'interrupted',
    });
  });

  it('while the database is away stays there, and goes on when it is back', async () => {
    const s = await of();
    s.put('calls.csv', calls(600));
    const { staging } = s.deps.core as { staging: { insert: unknown } };
    const { insert } = staging;
    staging.insert = async () => {
      throw Object.assign(new Error('no'), { name: 'MongoServerError', code: 14_031 });
    };
    await s.settle();
    expect(s.list('processing').length).toBe(1);
    staging.insert = insert;
    await s.folder.goOn();
    expect(s.report('done', 'calls.csv')).toMatchObject({ counts: { accepted: 600 } });
    expect((await s.ledger()).verdict).toBe('balanced');
  });
});

describe('the job', () => {
  it('is done by one process at a time, and by the next when that one ends', async () => {
    const s = await of();
    const fast = { ...s.deps.core.config, inbox: { stableFor: 0, markerWithin: 0, scanEvery: 50 } };
    const start = () => {
      const deps = inboxDeps(store, s.dataDir);
      const core = { ...deps.core, config: fast };
      return { deps, inbox: startInbox({ ...deps, core, mayTake: () => true }) };
    };
    const two = [start(), start()];
    for (let i = 0; i < 12; i++) s.put(`${i}.csv`, calls(5, i * 10));
    await until(() => s.list('done').length === 24);
    await two[0]?.inbox.close();
    s.put('last.csv', calls(5, 900));
    await until(() => s.list('done').length === 26);
    await two[1]?.inbox.close();
    for (const { deps } of two) deps.runs.close();
    expect(await staged()).toBe(65);
    expect(await store.db.collection('runs').countDocuments({ status: 'success' })).toBe(13);
    expect(s.list('processing')).toEqual([]);
    expect((await s.ledger()).verdict).toBe('balanced');
  });

  it('leaves files alone while it may not take them', async () => {
    const s = await of();
    const deps = inboxDeps(store, s.dataDir);
    const core = {
      ...deps.core,
      config: { ...deps.core.config, inbox: { stableFor: 0, markerWithin: 0, scanEvery: 50 } },
    };
    let may = false;
    let asked = 0;
    const inbox = startInbox({
      ...deps,
      core,
      mayTake: () => {
        asked += 1;
        return may;
      },
    });
    s.put('calls.csv', calls(5));
    await until(() => asked > 3);
    expect(s.list('inbox')).toEqual(['calls.csv']);
    may = true;
    await until(() => s.list('done').length === 2);
    await inbox.close();
    deps.runs.close();
  });

  it('says what is wrong with a folder that can not be used, and goes on when it can', async () => {
    const s = await of();
    rmSync(s.root, { recursive: true });
    writeFileSync(s.root, 'a file in the way');
    await expect(s.folder.goOn()).rejects.toMatchObject({ code: 'inbox_unusable' });
    expect(s.deps.alarmed.at(-1)).toEqual([
      'raise',
      'inbox_unusable',
      'calls',
      expect.stringContaining('must be able to write there'),
    ]);
    rmSync(s.root);
    await s.folder.goOn();
    expect(s.deps.alarmed.at(-1)).toEqual(['resolve', 'inbox_unusable', 'calls']);
  });
});

/** A loop of its own brings it about; there is no event to wait for but the folder itself. */
async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !holds(); await sleep(10))
    if (Date.now() > end) throw new Error(`it does not come about: ${holds}`);
}
