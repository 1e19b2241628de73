import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFeeds } from '../../../src/config/feeds.js';
import { createCipher } from '../../../src/governance/cipher.js';
import type { Log } from '../../../src/log.js';
import { readLedger } from '../../../src/operations/ledger/ledger.js';
import { ledgerStore } from '../../../src/operations/ledger/store.js';
import { createRuns } from '../../../src/operations/runs.js';
import { operationsStore } from '../../../src/operations/store.js';
import type { Queues } from '../../../src/queue/queues.js';
import { type DropFolder, dropFolder } from '../../../src/sources/call-log/inbox-round.js';
import type { InboxDeps } from '../../../src/sources/call-log/inbox-take.js';
import type { Report } from '../../../src/sources/call-log/report.js';
import { stagingStore } from '../../../src/staging/store.js';
import type { Store } from '../../../src/store/connect.js';

export const FEEDS = `
feeds:
  calls:
    source: call_log
    identity: { columns: [id] }
    inbox: true
    mapping: { text: what, sourceRef: id }
  marked:
    source: call_log
    inbox: true
    complete: done-file
    mapping: { text: what, sourceRef: id }
  hashed:
    source: call_log
    inbox: true
    complete: checksum
    mapping: { text: what, sourceRef: id }
  trailed:
    source: call_log
    inbox: true
    complete: { trailer: "^END;?,?(\\\\d+)" }
    mapping: { text: what, sourceRef: id }
`;

export const rows = (n: number, from = 1): string =>
  Array.from({ length: n }, (_, i) => `${i + from},no network since ${i + from} days\n`).join('');
export const calls = (n: number, from = 1): string => `id,what\n${rows(n, from)}`;

/** What the drop folders stand on, on a real store; a kill test takes the same in its child. */
export function inboxDeps(
  store: Store,
  dataDir: string,
  more: Partial<InboxDeps> & { readonly log?: Log } = {},
): InboxDeps & { readonly alarmed: string[][] } {
  const now = () => new Date();
  const { log = () => {}, ...rest } = more;
  const operations = operationsStore(store);
  const alarmed: string[][] = [];
  return {
    core: {
      feeds: parseFeeds(FEEDS, 'sources.yaml', { routeWithin: 1, region: 'NG', zone: 'UTC' }),
      staging: stagingStore(store),
      operations,
      store,
      cipher: createCipher({ encryption: new Map([[1, Buffer.alloc(32, 1)]]), hash: Buffer.alloc(32, 2) }),
      now,
      log,
      software: 'test',
      config: {
        data: { dir: dataDir },
        inbox: { stableFor: 5_000, markerWithin: 60_000, scanEvery: 50 },
      } as InboxDeps['core']['config'],
    },
    runs: createRuns({ store: operations, software: 'test', now, log }),
    queues: { add: async () => {}, waiting: async () => 0 } as unknown as Queues,
    alarms: {
      raise: async (...words) => void alarmed.push(['raise', ...words]),
      resolve: async (...words) => void alarmed.push(['resolve', ...words]),
    },
    signal: new AbortController().signal,
    alarmed,
    ...rest,
  };
}

export type Site = ReturnType<typeof site>;

/** A data folder with the drop folder of one feed, looked at with a clock that stands still. */
export function site(store: Store, feed = 'calls', more: Parameters<typeof inboxDeps>[2] = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'redress-inbox-'));
  const root = join(dataDir, 'inbox', feed);
  const deps = inboxDeps(store, dataDir, more);
  let at = 0;
  const feedOf = deps.core.feeds.get(feed);
  if (!feedOf) throw new Error(feed);
  const make = (): DropFolder => dropFolder(feedOf, { ...deps, clock: () => at });
  let folder = make();
  const path = (...parts: string[]) => join(root, ...parts);
  const list = (station: string) =>
    readdirSync(path(station))
      .filter((n) => !n.startsWith('.'))
      .sort();
  return {
    dataDir,
    root,
    deps,
    get folder() {
      return folder;
    },
    /** From here on the folder is as a process sees it that has just started. */
    restart() {
      folder = make();
    },
    path,
    list,
    put(name: string, content: string | Buffer, seconds = 1_700_000_000) {
      writeFileSync(path('inbox', name), content);
      utimesSync(path('inbox', name), seconds, seconds);
    },
    report: (station: string, name: string): Report =>
      JSON.parse(readFileSync(path(station, `${name}.report.json`), 'utf8')),
    /** Time passes. */
    wait(ms: number) {
      at += ms;
    },
    /** Two looks with time between them, and everything ready is taken. */
    async settle() {
      await folder.goOn();
      await folder.look();
      at += 5_000;
      for (const file of await folder.look()) await folder.take(file);
    },
    ledger: () => readLedger(ledgerStore(store), {}, () => new Date()),
    close() {
      deps.runs.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs `act` when the first batch is written; says whether it has. */
export function atFirstWrite(s: Site, act: () => void): () => boolean {
  let done = false;
  const { staging } = s.deps.core as { staging: { insert: (...a: never[]) => Promise<unknown> } };
  const { insert } = staging;
  staging.insert = async (...args) => {
    if (!done) act();
    done = true;
    return insert(...args);
  };
  return () => done;
}
