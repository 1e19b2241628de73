// The hooks stand apart from drop-folder.ts, which the kill test's child loads outside Jest.
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { testStore } from '../../support/stores.js';
import { type Site, site } from './drop-folder.js';

export let store: Awaited<ReturnType<typeof testStore>>;
/** Closed after each test. */
export const open: Site[] = [];

/** A store of this file's own, emptied before each test; what `of` opened is closed after it. */
export function useDropFolders(): void {
  beforeAll(async () => {
    store = await testStore();
  });
  beforeEach(async () => {
    for (const { name } of await store.db.listCollections().toArray())
      await store.db.collection(name).deleteMany({});
  });
  afterEach(() => {
    for (const s of open.splice(0)) s.close();
  });
  afterAll(() => store.drop());
}

export async function of(...args: [feed?: string, more?: Parameters<typeof site>[2]]): Promise<Site> {
  const s = site(store, ...args);
  open.push(s);
  await s.folder.look(); // makes the folders
  return s;
}
export const staged = (filter = {}) => store.db.collection('staging').countDocuments(filter);
