import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { parseFeeds } from '../../../src/config/feeds.js';
import { createCipher } from '../../../src/governance/cipher.js';
import { readLedger } from '../../../src/operations/ledger/ledger.js';
import { ledgerStore } from '../../../src/operations/ledger/store.js';
import { createRuns, type Runs } from '../../../src/operations/runs.js';
import { operationsStore } from '../../../src/operations/store.js';
import { type ImportOptions, importFile } from '../../../src/sources/import.js';
import { stagingStore } from '../../../src/staging/store.js';
import { testStore } from '../../support/stores.js';

export const FEEDS = `
feeds:
  calls:
    source: call_log
    identity: { columns: [id] }
    mapping: { text: what, sourceRef: id }
  trailed:
    source: call_log
    identity: { columns: [id] }
    mapping: { text: what, sourceRef: id }
    complete: trailer
  plain:
    source: call_log
    mapping: { text: what }
  api:
    source: api
`;

export const folder = mkdtempSync(join(tmpdir(), 'redress-import-'));
let written = 0;
export const file = (content: string): string => {
  written += 1;
  const path = join(folder, `calls-${written}.csv`);
  writeFileSync(path, content);
  return path;
};
export const rows = (n: number, from = 1): string =>
  Array.from({ length: n }, (_, i) => `${i + from},no network since ${i + from} days\n`).join('');

export let store: Awaited<ReturnType<typeof testStore>>;
export let core: ImportOptions['core'];
export let runs: Runs;
export const now = () => new Date('2026-11-25T10:00:00Z');
export const silent = () => {};
export const operations = () => operationsStore(store);
export const ledger = () => readLedger(ledgerStore(store), {}, now);
export const bring = (path: string, more: Partial<ImportOptions> = {}) =>
  importFile({ core, runs, feed: 'calls', path, ...more });

/** Opens a store of this file's own, emptied before each test; `store`, `core` and `runs` are there from then on. */
export function useImportSite(): void {
  beforeAll(async () => {
    store = await testStore();
    core = {
      feeds: parseFeeds(FEEDS, 'sources.yaml', { routeWithin: 1, region: 'NG', zone: 'UTC' }),
      staging: stagingStore(store),
      operations: operations(),
      store,
      cipher: createCipher({ encryption: new Map([[1, randomBytes(32)]]), hash: randomBytes(32) }),
      now,
      log: silent,
    };
    runs = createRuns({ store: operations(), software: 'test', now, log: silent });
  });
  beforeEach(async () => {
    for (const { name } of await store.db.listCollections().toArray())
      await store.db.collection(name).deleteMany({});
  });
  afterAll(async () => {
    runs.close();
    await store.drop();
    rmSync(folder, { recursive: true, force: true });
  });
}
