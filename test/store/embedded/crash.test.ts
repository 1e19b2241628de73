import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { readEnginesFile, writeEnginesFile } from '../../../src/store/embedded/engines-file.js';
import {
  attachEngines,
  type EngineEvent,
  inspectEngines,
  startEngines,
} from '../../../src/store/embedded/index.js';
import { stopLeftovers } from '../../../src/store/embedded/leftovers.js';
import { spawnMongo } from '../../../src/store/embedded/mongo.js';
import { prepare } from '../../../src/store/embedded/prepare.js';
import { startTimeOf } from '../../../src/store/embedded/process-identity.js';
import { mongodbUri } from '../../../src/store/embedded/sockets.js';
import { cleanUp, gone, startOwner, temporaryFolder, withMongo } from './support/helpers.js';

afterEach(cleanUp);

const JOURNALED = { writeConcern: { w: 1, journal: true } } as const;
type Doc = { _id: number };

async function killOwner(dataDir: string) {
  const owner = startOwner(dataDir);
  const started = await owner.line('started');
  await withMongo(started.mongodbUri, async (client) => {
    const docs = client.db('t').collection<Doc>('a', JOURNALED);
    await docs.insertMany(Array.from({ length: 100 }, (_, i) => ({ _id: i })));
  });
  owner.child.kill('SIGKILL');
  await once(owner.child, 'exit');
  return started;
}

describe('an owner killed with SIGKILL', () => {
  it('takes both engines with it, is told from a living one, and loses nothing acknowledged', async () => {
    const dataDir = temporaryFolder();
    const { pids, mongodbUri } = await killOwner(dataDir);
    expect(await attachEngines(dataDir)).toBeNull();
    expect(readEnginesFile(dataDir)).not.toBeNull(); // nobody was left to remove it
    expect((await inspectEngines(dataDir)).facts.engines).toContain('ended without closing');
    await gone(pids.mongodb, pids.redis);

    const engines = await startEngines({ dataDir });
    expect(engines.mongodbUri).toBe(mongodbUri);
    const count = await withMongo(mongodbUri, (c) => c.db('t').collection('a').countDocuments());
    await engines.stop();
    expect(count).toBe(100);
  });

  it('can be followed at once: the start waits for what is left', async () => {
    const dataDir = temporaryFolder();
    const { pids } = await killOwner(dataDir);
    const engines = await startEngines({ dataDir });
    await gone(pids.mongodb, pids.redis);
    expect(await withMongo(engines.mongodbUri, (c) => c.db('t').collection('a').countDocuments())).toBe(100);
    await engines.stop();
  });

  it('can be followed even if its engines hang', async () => {
    const dataDir = temporaryFolder();
    const owner = startOwner(dataDir);
    const { pids } = await owner.line('started');
    process.kill(pids.mongodb, 'SIGSTOP');
    process.kill(pids.redis, 'SIGSTOP');
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');
    const record = readEnginesFile(dataDir);
    expect(record?.pids).toEqual(pids);
    if (record) await stopLeftovers(record, 100); // what the start does, with a shorter grace time
    await gone(pids.mongodb, pids.redis);
    await (await startEngines({ dataDir })).stop();
  });

  it('ends Redis through the MongoDB child too, where the kernel is not asked to', async () => {
    const { mongoOptions } = await prepare(temporaryFolder());
    const stand = spawn(process.execPath, ['-e', 'process.stdin.resume()']); // in place of Redis
    const mongo = spawnMongo(mongoOptions);
    await mongo.ready;
    mongo.guard(stand.pid ?? null);
    mongo.close(); // the child can't tell this from its parent's death
    const [, signal] = await once(stand, 'exit');
    expect(signal).toBe('SIGTERM');
    expect(await mongo.exited).toEqual({ clean: true, detail: 'exit code 0' });
  });

  it('leaves alone whoever has the pid of an old engine today', async () => {
    const dataDir = temporaryFolder();
    const bystander = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    try {
      const record = {
        version: 1 as const,
        ownerPid: 1,
        ownerStartTime: 'never',
        mongodbUri: mongodbUri(path.join(dataDir, 'mongodb.sock')),
        redisPath: path.join(dataDir, 'redis.sock'),
        pids: { mongodb: bystander.pid, redis: bystander.pid },
        startedAt: '2026-01-01T00:00:00.000Z',
      };
      writeEnginesFile(dataDir, record);
      expect(await attachEngines(dataDir)).toBeNull(); // pid 1 lives, but began at another time
      await stopLeftovers(record, 0);
      expect(bystander.signalCode).toBeNull();
      expect(startTimeOf(bystander.pid ?? 0)).toBeDefined();
    } finally {
      bystander.kill();
    }
  });
});

describe('an engine killed with SIGKILL', () => {
  it('comes back under the same address, with its data, and engines.json follows', async () => {
    const dataDir = temporaryFolder();
    const events: EngineEvent[] = [];
    const back = latch<EngineEvent>(2);
    const engines = await startEngines({
      dataDir,
      onEvent: (event) => {
        events.push(event);
        if (event.event === 'respawned') back.hit(event);
      },
    });
    const redis = new Redis({ path: engines.redisPath, maxRetriesPerRequest: null });
    redis.on('error', () => {}); // its connection is about to break on purpose
    try {
      await redis.set('k', 'v');
      await withMongo(engines.mongodbUri, async (client) => {
        const docs = client.db('t').collection<Doc>('a', JOURNALED);
        await docs.insertOne({ _id: 1 });
        const before = engines.pids();
        process.kill(before.mongodb ?? 0, 'SIGKILL');
        process.kill(before.redis ?? 0, 'SIGKILL');
        await back.done;
        const after = engines.pids();
        expect(after.mongodb).not.toBe(before.mongodb);
        expect(after.redis).not.toBe(before.redis);
        expect(JSON.parse(readFileSync(path.join(dataDir, 'engines.json'), 'utf8')).pids).toEqual(after);
        // The same clients, never told of anything. A pooled connection may fail once.
        await docs.insertOne({ _id: 2 }).catch(() => docs.insertOne({ _id: 2 }));
        expect(await docs.countDocuments()).toBe(2);
        expect(await redis.get('k')).toBeNull(); // memory only
      });
      expect(await attachEngines(dataDir)).not.toBeNull();
    } finally {
      redis.disconnect();
      await engines.stop();
    }
    expect(events.filter((e) => e.event === 'exited').map((e) => e.detail)).toEqual([
      'SIGKILL',
      'SIGKILL',
      'exit code 0',
      'exit code 0',
    ]);
  });

  it('does not lose the folder to a start that waits for such a moment', async () => {
    const dataDir = temporaryFolder();
    const back = latch<EngineEvent>(1);
    const engines = await startEngines({ dataDir, onEvent: (e) => e.event === 'respawned' && back.hit(e) });
    try {
      process.kill(engines.pids().mongodb ?? 0, 'SIGKILL');
      await expect(startEngines({ dataDir })).rejects.toMatchObject({ code: 'already_running' });
      await back.done;
    } finally {
      await engines.stop();
    }
  });
});

function latch<T>(times: number) {
  let resolve: () => void;
  const done = new Promise<void>((r) => {
    resolve = r;
  });
  const hits: T[] = [];
  return {
    done,
    hit: (value: T) => {
      hits.push(value);
      if (hits.length === times) resolve();
    },
  };
}
