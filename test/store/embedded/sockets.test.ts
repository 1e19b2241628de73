import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  mongodbLink,
  mongodbSocketOf,
  mongodbUri,
  socketFolder,
} from '../../../src/store/embedded/sockets.js';
import { cleanUp, removeLater, temporaryFolder } from './support/helpers.js';

afterEach(cleanUp);

describe('socketFolder', () => {
  it('is inside a data folder with a short, plain path, closed to others, and left clean', async () => {
    const dataDir = temporaryFolder();
    const folder = await socketFolder(dataDir);
    expect(folder).toBe(path.join(dataDir, 'run'));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toEqual([]);
    expect(await socketFolder(dataDir)).toBe(folder);
  });

  it.each(['x'.repeat(120), 'with space', '100%', 'Ẹ̀kọ́'])(
    'is elsewhere, and the same each time, for %s',
    async (name) => {
      const dataDir = path.join(temporaryFolder(), name);
      mkdirSync(dataDir);
      const folder = await socketFolder(dataDir);
      removeLater(folder);
      expect(folder.startsWith(dataDir)).toBe(false);
      expect(Buffer.byteLength(mongodbLink(folder))).toBeLessThanOrEqual(107);
      expect(await socketFolder(dataDir)).toBe(folder);
      const other = await socketFolder(`${dataDir}2`);
      removeLater(other);
      expect(other).not.toBe(folder);
    },
  );

  it('never takes a folder that others may enter', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(path.join(dataDir, 'run'));
    chmodSync(path.join(dataDir, 'run'), 0o777);
    const folder = await socketFolder(dataDir);
    removeLater(folder);
    expect(folder.startsWith(dataDir)).toBe(false);
  });
});

it('the address of a link names that link', () => {
  expect(mongodbSocketOf(mongodbUri('/a/b c/mongodb.sock'))).toBe('/a/b c/mongodb.sock');
  expect(mongodbSocketOf('nonsense')).toBe('');
});
