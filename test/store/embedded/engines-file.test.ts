import { readdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type EnginesRecord,
  enginesFile,
  livingOwner,
  readEnginesFile,
  removeEnginesFile,
  writeEnginesFile,
} from '../../../src/store/embedded/engines-file.js';
import { attachEngines, inspectEngines } from '../../../src/store/embedded/index.js';
import { commandLineOf, startTimeOf } from '../../../src/store/embedded/process-identity.js';
import { cleanUp, temporaryFolder } from './support/helpers.js';

afterEach(cleanUp);

const record: EnginesRecord = {
  version: 1,
  ownerPid: process.pid,
  ownerStartTime: startTimeOf(process.pid) ?? '',
  mongodbUri: 'mongodb://%2Fx%2Fmongodb.sock/?directConnection=true',
  redisPath: '/x/redis.sock',
  pids: { mongodb: 10 },
  startedAt: '2026-01-01T00:00:00.000Z',
};

describe('engines.json', () => {
  it('comes back as written, leaves nothing beside it, and can be removed twice', () => {
    const dataDir = temporaryFolder();
    writeEnginesFile(dataDir, record);
    writeEnginesFile(dataDir, { ...record, pids: {} });
    expect(readEnginesFile(dataDir)).toEqual({ ...record, pids: {} });
    expect(readdirSync(dataDir)).toEqual(['engines.json']);
    removeEnginesFile(dataDir);
    removeEnginesFile(dataDir);
    expect(readEnginesFile(dataDir)).toBeNull();
  });

  it.each([
    ['empty', ''],
    ['cut off', JSON.stringify(record).slice(0, 40)],
    ['of another version', JSON.stringify({ ...record, version: 2 })],
    ['with a pid that signals everybody', JSON.stringify({ ...record, pids: { redis: -1 } })],
    ['with a pid of zero', JSON.stringify({ ...record, ownerPid: 0 })],
    ['no text', Buffer.from([0xff, 0x00, 0xfe])],
    ['huge', JSON.stringify({ ...record, redisPath: 'x'.repeat(1_000_000) })],
  ])('%s counts as none', async (_, content) => {
    const dataDir = temporaryFolder();
    writeFileSync(enginesFile(dataDir), content);
    expect(readEnginesFile(dataDir)).toBeNull();
    expect(await attachEngines(dataDir)).toBeNull();
  });

  it('takes a recycled pid for what it is', () => {
    const dataDir = temporaryFolder();
    writeEnginesFile(dataDir, record);
    expect(livingOwner(dataDir)).toEqual(record);
    writeEnginesFile(dataDir, { ...record, ownerStartTime: `${record.ownerStartTime}0` });
    expect(livingOwner(dataDir)).toBeNull();
  });

  it('attaches to nothing where the owner lives and its engines do not answer', async () => {
    const dataDir = temporaryFolder();
    writeEnginesFile(dataDir, record);
    expect(await attachEngines(dataDir)).toBeNull();
    expect((await inspectEngines(dataDir)).problems.join()).toContain('Redis does not answer');
  });
});

describe('process identity', () => {
  it('knows living processes only', () => {
    expect(startTimeOf(process.pid)).toBe(startTimeOf(process.pid));
    expect(startTimeOf(1)).not.toBe(startTimeOf(process.pid));
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 30]) expect(startTimeOf(pid)).toBeUndefined();
    expect(commandLineOf(2 ** 30)).toBe('');
    expect(commandLineOf(process.pid)).toContain('node');
  });
});

describe('a folder that is not there', () => {
  it('is created neither by attach nor by inspect', async () => {
    const parent = temporaryFolder();
    const dataDir = `${parent}/new/data`;
    expect(await attachEngines(dataDir)).toBeNull();
    const { facts, problems } = await inspectEngines(dataDir);
    expect(problems).toEqual([]);
    expect(facts['data folder']).toContain('not there yet');
    expect(readdirSync(parent)).toEqual([]);
  });
});
