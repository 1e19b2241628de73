import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mongodbUri, testStore } from '../support/stores.js';
import { calls, type Site, site } from './support/drop-folder.js';

const CHILD = fileURLToPath(new URL('./support/inbox-child.js', import.meta.url));
const ROWS = 2_000;

let store: Awaited<ReturnType<typeof testStore>>;
let s: Site;
beforeAll(async () => {
  store = await testStore();
});
beforeEach(async () => {
  for (const { name } of await store.db.listCollections().toArray())
    await store.db.collection(name).deleteMany({});
  s = site(store);
  await s.folder.look();
  s.put('calls.csv', calls(ROWS));
});
afterEach(() => s.close());
afterAll(() => store.drop());

/** A process that works on the folder; how it ended, and how many calls to the database it made. */
async function work(point = ''): Promise<{ killed: boolean; calls: number }> {
  const args = [CHILD, mongodbUri(), store.db.databaseName, s.dataDir, point];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (d) => {
    out += d;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (signal === null) expect(code).toBe(0);
  return { killed: signal === 'SIGKILL', calls: Number(out) };
}

/** Every row exactly once, in one run, the file in done/ with its report, the ledger balanced. */
async function whole(): Promise<void> {
  expect(await store.db.collection('staging').countDocuments()).toBe(ROWS);
  const indexes = await store.db.collection('staging').distinct('position.index');
  expect(indexes.length).toBe(ROWS);
  expect([s.list('inbox'), s.list('processing'), s.list('done')]).toEqual([
    [],
    [],
    ['calls.csv', 'calls.csv.report.json'],
  ]);
  const runs = await store.db.collection('runs').find().toArray();
  expect(runs.map((r) => r.status)).toEqual(['success']);
  const ledger = await s.ledger();
  expect([ledger.verdict, ledger.rows.map((r) => r.broken)]).toEqual(['balanced', [[]]]);
  // What the next file is compared with is all of this one, whatever was skipped.
  const look = await store.db.collection('feeds').findOne();
  expect([look?.profile.rows, look?.run]).toEqual([ROWS, runs[0]?._id]);
  const { counts, run } = s.report('done', 'calls.csv');
  expect(run).toBe(runs[0]?._id);
  expect(counts?.accepted).toBe(ROWS);
  // No more than the last batches, which nobody knew to be in, are read twice.
  expect(counts?.read).toBeLessThanOrEqual(ROWS + 512);
}

describe('kill -9', () => {
  it('at ten points of an import: it goes on in the same run, every row is in once, the ledger adds up', async () => {
    const undisturbed = await work();
    expect(undisturbed.killed).toBe(false);
    await whole();
    const points = Array.from({ length: 10 }, (_, i) => Math.ceil(((i + 0.5) / 10) * undisturbed.calls));
    for (const [i, point] of points.entries()) {
      for (const name of ['staging', 'receipts', 'runs', 'feeds'])
        await store.db.collection(name).deleteMany({});
      s.close();
      s = site(store);
      await s.folder.look();
      s.put('calls.csv', calls(ROWS));
      expect((await work(`${point}${i % 2 === 0 ? '+' : ''}`)).killed).toBe(true);
      expect((await work()).killed).toBe(false);
      await whole();
    }
  }, 180_000);

  it.each(['run_started', 'run_ended', 'inbox_file'])('when it says %s', async (event) => {
    expect((await work(event)).killed).toBe(true);
    expect((await work()).killed).toBe(false);
    await whole();
  });

  it('again and again, every process getting a little further', async () => {
    let kills = 0;
    while ((await work('14+')).killed) kills += 1;
    expect(kills).toBeGreaterThan(2);
    const runs = await store.db.collection('runs').find().toArray();
    expect(runs.map((r) => r.status)).toEqual(['success']);
    // A kill after its end leaves nothing to go on with but the move.
    expect([kills - 1, kills]).toContain(runs[0]?.resumed.times);
    expect(await store.db.collection('staging').countDocuments()).toBe(ROWS);
    expect((await s.ledger()).verdict).toBe('balanced');
  }, 180_000);

  it('ten times without one row of progress: the file is taken for the cause, and the next one goes on', async () => {
    expect((await work('run_started')).killed).toBe(true);
    for (let i = 0; i < 9; i++) expect((await work('run_resumed')).killed).toBe(true);
    s.put('next.csv', calls(5, 9_000));
    expect((await work()).killed).toBe(false);
    expect(s.list('done')).toEqual(['next.csv', 'next.csv.report.json']);
    expect(s.report('rejected', 'calls.csv')).toMatchObject({ cause: 'file_poison', resumed: 10 });
    expect((await s.ledger()).verdict).toBe('balanced');
  }, 180_000);
});
