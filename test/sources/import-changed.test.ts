import { appendFileSync, chmodSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ImportOptions } from '../../src/sources/import.js';
import { bring, file, ledger, rows, runs, store, useImportSite } from './support/import-site.js';

useImportSite();

const FIRST = `id,what\n${rows(20_000)}`;
/** As many lines and bytes, and no row of the first. */
const OTHER = FIRST.replaceAll('no network', 'no service');

/** Between the counting of the file and its reading. */
const beforeReading = (act: () => void): Partial<ImportOptions> => ({
  runs: {
    ...runs,
    async start(run) {
      act();
      return runs.start(run);
    },
  },
});

/** The other content under the same name, with the old size and time of change. */
function rewrite(path: string, content: string): void {
  const { atime, mtime } = statSync(path);
  writeFileSync(path, content);
  utimesSync(path, atime, mtime);
}
function replace(path: string, content: string): void {
  const { atime, mtime } = statSync(path);
  const other = file(content);
  utimesSync(other, atime, mtime);
  renameSync(other, path);
}

/** Once, when the first rows are in and the rest is being read. */
function whileReading(act: () => void): Partial<ImportOptions> {
  let once = false;
  return {
    onProgress() {
      if (!once) act();
      once = true;
    },
  };
}

const staged = async () => store.db.collection('staging').countDocuments();
const CHANGED = { status: 'failed', cause: 'changed_while_read' };

describe('a file that changes while it is imported', () => {
  it.each<[string, (path: string) => void]>([
    ['is rewritten in its place', (path) => rewrite(path, OTHER)],
    ['is replaced by another', (path) => replace(path, OTHER)],
    ['is written on', (path) => appendFileSync(path, rows(5, 50_000))],
    ['is emptied', (path) => writeFileSync(path, '')],
  ])('ends the run as failed where it %s before it is read', async (_, act) => {
    const path = file(FIRST);
    const result = await bring(
      path,
      beforeReading(() => act(path)),
    );
    expect(result).toMatchObject(CHANGED);
    expect(result.resumable).toBeUndefined();
    expect((await ledger()).verdict).toBe('balanced');
  });

  it.each<[string, (path: string) => void]>([
    [
      'a row that was read is overwritten',
      (path) => rewrite(path, FIRST.replace('no network', 'no service')),
    ],
    ['another is put in its place', (path) => replace(path, OTHER)],
  ])('ends the run as failed where %s while the rest is read, size and time as before', async (_, act) => {
    const path = file(FIRST);
    const result = await bring(
      path,
      whileReading(() => act(path)),
    );
    expect(result).toMatchObject(CHANGED);
    expect((await bring(path)).counts.read).toBe(20_000);
    expect((await ledger()).verdict).toBe('balanced');
  });

  it('is imported where only its rights change, or somebody takes it away after it was opened', async () => {
    for (const act of [(path: string) => chmodSync(path, 0o600), (path: string) => rmSync(path)]) {
      const path = file(FIRST);
      const result = await bring(
        path,
        whileReading(() => act(path)),
      );
      expect(result.status).toBe('success');
    }
  });

  it('ends the run as failed where it is written on in the middle of the reading; the rest comes with the next', async () => {
    const path = file(FIRST);
    const result = await bring(
      path,
      whileReading(() => appendFileSync(path, rows(5, 50_000))),
    );
    expect(result).toMatchObject(CHANGED);
    expect(await bring(path)).toMatchObject({ status: 'success', counts: { read: 20_005 } });
    expect(await staged()).toBe(20_005);
    expect((await ledger()).verdict).toBe('balanced');
  });

  it.each([
    ['rewritten', rewrite],
    ['replaced', replace],
  ])('is not gone on with after rows of another content that it was %s by', async (_, swap) => {
    const path = file(FIRST);
    const hand = new AbortController();
    const first = await bring(path, {
      ...beforeReading(() => swap(path, OTHER)),
      signal: hand.signal,
      onProgress: () => hand.abort(),
    });
    expect(first).toMatchObject({ status: 'failed', resumable: true });
    swap(path, FIRST); // the version that was counted is back
    const second = await bring(path);
    expect(second).toMatchObject({ ...CHANGED, run: first.run, resumedAfter: first.counts.accepted });
    expect(second.counts.accepted).toBe(first.counts.accepted);
    const third = await bring(path);
    expect(third.run).not.toBe(first.run);
    // The ids are those of the other content's rows: both versions are kept and shown.
    expect(third.counts).toEqual({
      read: 20_000,
      accepted: 20_000 - first.counts.accepted,
      repeated: 0,
      conflict: first.counts.accepted,
      refused: 0,
    });
    expect((await ledger()).verdict).toBe('balanced');
  });
});
