import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { enginesRecord } from '../../../src/store/embedded/engines-file.js';
import {
  attachEngines,
  type EngineEvent,
  type Engines,
  inspectEngines,
  startEngines,
} from '../../../src/store/embedded/index.js';
import { startTimeOf } from '../../../src/store/embedded/process-identity.js';
import { cleanUp, gone, startOwner, temporaryFolder, withMongo } from './support/helpers.js';

const running: Engines[] = [];
const start = async (dataDir: string, events: EngineEvent[] = []) => {
  const engines = await startEngines({ dataDir, onEvent: (event) => events.push(event) });
  running.push(engines);
  return engines;
};

afterEach(async () => {
  for (const engines of running.splice(0)) await engines.stop();
  await cleanUp();
});

describe('startEngines', () => {
  it('starts both, publishes them, and stops them cleanly, Redis first', async () => {
    const dataDir = temporaryFolder();
    const environment = JSON.stringify(process.env);
    const events: EngineEvent[] = [];
    const engines = await start(dataDir, events);
    const { mongodb = 0, redis = 0 } = engines.pids();

    const record = enginesRecord.parse(JSON.parse(readFileSync(path.join(dataDir, 'engines.json'), 'utf8')));
    expect(record).toMatchObject({
      ownerPid: process.pid,
      ownerStartTime: startTimeOf(process.pid),
      mongodbUri: engines.mongodbUri,
      redisPath: engines.redisPath,
      pids: { mongodb, redis },
    });
    expect(await attachEngines(dataDir)).toEqual({
      mongodbUri: engines.mongodbUri,
      redisPath: engines.redisPath,
      ownerPid: process.pid,
    });
    expect((await inspectEngines(dataDir)).problems).toEqual([]);

    const client = new Redis({ path: engines.redisPath });
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'no']);
    expect(await client.config('GET', 'save')).toEqual(['save', '']);
    client.disconnect();

    const first = engines.stop();
    expect(engines.stop()).toBe(first);
    await first;
    expect(events.map((e) => [e.engine, e.event])).toEqual([
      ['mongodb', 'started'],
      ['redis', 'started'],
      ['redis', 'exited'],
      ['mongodb', 'exited'],
    ]);
    expect(events.slice(2).map((e) => e.detail)).toEqual(['exit code 0', 'exit code 0']);
    await gone(mongodb, redis);
    expect(existsSync(path.join(dataDir, 'engines.json'))).toBe(false);
    expect(await attachEngines(dataDir)).toBeNull();
    expect(JSON.stringify(process.env)).toBe(environment);
  });

  it('refuses a second start in the same process, and one in another, naming the owner', async () => {
    const dataDir = temporaryFolder();
    await start(dataDir);
    await expect(startEngines({ dataDir })).rejects.toMatchObject({
      code: 'already_running',
      message: expect.stringContaining(`this process (${process.pid})`),
    });
    const failed = await startOwner(dataDir).line('failed');
    expect(failed).toMatchObject({ redress: true, code: 'already_running' });
    expect(failed.message).toContain(`process ${process.pid}`);
    expect(await attachEngines(dataDir)).not.toBeNull(); // the refused start disturbed nothing
  });

  it('lets exactly one of several racing starts win, in one process', async () => {
    const dataDir = temporaryFolder();
    const results = await Promise.allSettled([start(dataDir), start(dataDir), start(dataDir)]);
    const codes = results.map((r) => (r.status === 'fulfilled' ? 'won' : r.reason.code)).sort();
    expect(codes).toEqual(['already_running', 'already_running', 'won']);
    const [engines] = running;
    expect(
      await withMongo(engines?.mongodbUri ?? '', (c) => c.db('t').collection('a').countDocuments()),
    ).toBe(0);
  });

  it('lets exactly one of several racing processes win', async () => {
    const dataDir = temporaryFolder();
    const owners = Array.from({ length: 4 }, () => startOwner(dataDir));
    const lines = await Promise.all(owners.map((owner) => owner.line('started', 'failed')));
    const winner = owners[lines.findIndex((line) => line.kind === 'started')];
    expect(lines.filter((line) => line.kind === 'started')).toHaveLength(1);
    for (const line of lines)
      if (line.kind === 'failed') {
        expect(line.code).toBe('already_running');
        expect(line.message).toContain(`process ${winner?.child.pid}`);
      }
    expect(await attachEngines(dataDir)).toMatchObject({ ownerPid: winner?.child.pid });
    await winner?.stop();
    await start(dataDir); // and the folder is free again
  });

  it('starts again at once while the last owner is still closing, and keeps the data', async () => {
    const dataDir = temporaryFolder();
    const first = await start(dataDir);
    await withMongo(first.mongodbUri, (c) =>
      c.db('t').collection<{ _id: number }>('a').insertOne({ _id: 1 }),
    );
    const closing = first.stop();
    const second = await start(dataDir);
    await closing;
    expect(second.mongodbUri).toBe(first.mongodbUri);
    expect(await withMongo(second.mongodbUri, (c) => c.db('t').collection('a').countDocuments())).toBe(1);
    expect(await attachEngines(dataDir)).not.toBeNull();
  });
});
