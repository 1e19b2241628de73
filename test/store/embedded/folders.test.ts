import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startEngines } from '../../../src/store/embedded/index.js';
import { openDataDir, probeDataDir } from '../../../src/store/embedded/probes.js';
import {
  AS_NOBODY,
  canChangeUser,
  canMount,
  cleanUp,
  gone,
  removeLater,
  startOwner,
  temporaryFolder,
  withMongo,
  withMounts,
} from './support/helpers.js';

const NOBODY = 65534;
const asNobody = canChangeUser ? it : it.skip; // only root can become somebody else
const mounted = canMount ? it : it.skip; // only root (with the right to mount) can

afterEach(cleanUp);

/** A folder that nobody (the user) can write, on a path that it can reach. */
function folderOfNobody(): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const dataDir = path.join(folder, 'data');
  mkdirSync(dataDir);
  chownSync(dataDir, NOBODY, NOBODY);
  return dataDir;
}

describe('folders that work', () => {
  it.each([
    ['a path longer than a socket may have', `${'a-long-name-'.repeat(15)}/${'b'.repeat(120)}`],
    ['spaces, quotes and other scripts', 'my "data" \'für\' Ẹ̀kọ́ 数据 100%'],
  ])('%s', async (_, name) => {
    const dataDir = path.join(temporaryFolder(), name);
    const engines = await startEngines({ dataDir });
    removeLater(path.dirname(engines.redisPath));
    try {
      const inserted = await withMongo(engines.mongodbUri, (c) =>
        c.db('t').collection('a').insertOne({ a: 1 }),
      );
      expect(inserted.acknowledged).toBe(true);
    } finally {
      await engines.stop();
    }
    expect(readdirSync(dataDir)).toEqual(expect.arrayContaining(['mongo', 'redis']));
  });

  asNobody('as a user who is not root, whose engines end with it too', async () => {
    const owner = startOwner(folderOfNobody(), AS_NOBODY);
    const { pids } = await owner.line('started');
    owner.child.kill('SIGKILL');
    await gone(pids.mongodb, pids.redis);
  });

  it('under a locale that is not installed', async () => {
    const owner = startOwner(temporaryFolder(), [], { LC_ALL: 'xx_YY.UTF-8' });
    await owner.line('started');
    await owner.stop();
  });

  it('a link to a folder, and the folder itself, are the same', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'real'));
    symlinkSync('real', path.join(folder, 'link'));
    const engines = await startEngines({ dataDir: path.join(folder, 'link') });
    try {
      await expect(startEngines({ dataDir: path.join(folder, 'real') })).rejects.toMatchObject({
        code: 'already_running',
      });
    } finally {
      await engines.stop();
    }
  });
});

describe('folders that do not', () => {
  it('a file, and a folder below a file', async () => {
    const file = path.join(temporaryFolder(), 'f');
    writeFileSync(file, '');
    await expect(startEngines({ dataDir: file })).rejects.toMatchObject({ code: 'data_dir_not_a_folder' });
    await expect(startEngines({ dataDir: path.join(file, 'd') })).rejects.toMatchObject({
      code: 'data_dir_not_a_folder',
    });
  });

  it.each(['', 'a\0b', `${'x'.repeat(300)}`])('what is no path: %j', (dataDir) => {
    expect(() => openDataDir(dataDir)).toThrow(expect.objectContaining({ code: 'data_dir_unusable' }));
  });

  it('a disk with less free space than needed', () => {
    const folder = temporaryFolder();
    expect(() => probeDataDir(folder)).not.toThrow();
    expect(() => probeDataDir(folder, 2 ** 60)).toThrow(expect.objectContaining({ code: 'disk_full' }));
  });

  mounted('a small or a full disk', async () => {
    const folder = temporaryFolder();
    const small = withMounts('mount -t tmpfs -o size=50m tmpfs "$0"', folder);
    expect(await startOwner(folder, small).line('failed')).toMatchObject({
      redress: true,
      code: 'disk_full',
    });
    const full = withMounts(
      'mount -t tmpfs -o size=1m tmpfs "$0"; head -c 2000000 /dev/zero > "$0/f" 2>&- || true',
      folder,
    );
    expect(await startOwner(folder, full).line('failed')).toMatchObject({ redress: true, code: 'disk_full' });
  });

  mounted('a disk mounted read only', async () => {
    const folder = temporaryFolder();
    const wrap = withMounts('mount -t tmpfs -o ro tmpfs "$0"', folder);
    for (const dataDir of [folder, path.join(folder, 'new')])
      expect(await startOwner(dataDir, wrap).line('failed')).toMatchObject({
        redress: true,
        code: 'data_dir_read_only',
      });
  });

  mounted('a disk mounted with noexec, where this system needs fixed copies', async () => {
    const folder = temporaryFolder();
    const wrap = withMounts('mount -t tmpfs -o noexec tmpfs "$0"', folder);
    const line = await startOwner(folder, wrap).line('failed', 'started');
    if (line.kind === 'started') return; // a newer system, which runs the packages' own files
    expect(line).toMatchObject({ redress: true, code: 'data_dir_noexec' });
  });

  asNobody('one without permission, and one that another user ran', async () => {
    const folder = temporaryFolder(); // of root, closed
    expect(await startOwner(folder, AS_NOBODY).line('failed')).toMatchObject({ code: 'data_dir_read_only' });
    const dataDir = folderOfNobody();
    mkdirSync(path.join(dataDir, 'mongo'), { mode: 0o700 });
    const failed = await startOwner(dataDir, AS_NOBODY).line('failed');
    expect(failed.code).toBe('data_dir_other_user');
    expect(failed.message).toContain('user id 0');
  });

  it('damaged data: the start fails with the engine named, and leaves nothing running or claimed', async () => {
    const dataDir = temporaryFolder();
    await (await startEngines({ dataDir })).stop();
    writeFileSync(path.join(dataDir, 'mongo', 'WiredTiger.turtle'), 'not a database');
    await expect(startEngines({ dataDir })).rejects.toMatchObject({
      code: 'engine_failed',
      message: expect.stringContaining('MongoDB'),
    });
    expect(readdirSync(dataDir)).not.toContain('engines.json');
  });

  it('a file where an engine keeps its folder', async () => {
    const dataDir = temporaryFolder();
    writeFileSync(path.join(dataDir, 'redis'), '');
    await expect(startEngines({ dataDir })).rejects.toMatchObject({ code: 'data_dir_not_a_folder' });
  });
});
