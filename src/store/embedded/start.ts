import { lutimesSync } from 'node:fs';
import { type EnginesRecord, removeEnginesFile, writeEnginesFile } from './engines-file.js';
import { lockDataDir, prepare } from './prepare.js';
import { spawnMongo } from './mongo.js';
import { explainDisk } from './probes.js';
import { startTimeOf } from './process-identity.js';
import { spawnRedis } from './redis.js';
import { mongodbUri } from './sockets.js';
import { type EngineEvent, type Supervised, supervise } from './supervisor.js';

export type Engines = {
  /** Stays valid over respawns of the engine. */
  readonly mongodbUri: string;
  /** Unix socket; stays valid over respawns. */
  readonly redisPath: string;
  pids(): { mongodb?: number; redis?: number };
  /** Redis first, then MongoDB; within 20 s, then by force. Idempotent. */
  stop(): Promise<void>;
};

export type StartOptions = { dataDir: string; onEvent?: (event: EngineEvent) => void };

/** Together within the 20 s promised; MongoDB's child ends itself after 15 s of closing. */
const REDIS_STOP_MS = 4_000;
const MONGODB_STOP_MS = 16_000;
/** Cleaners of temporary folders take links that nobody touched for days. */
const TOUCH_EVERY_MS = 3_600_000;

/**
 * Starts both engines on `dataDir` as children of this process, writes `dataDir/engines.json` and keeps them alive.
 * MongoDB's file lock decides between two starts, so it comes first and guards Redis too.
 * Throws RedressErrors (codes in errors.ts); nothing is left running then.
 */
export async function startEngines({ dataDir, onEvent = () => {} }: StartOptions): Promise<Engines> {
  const begun = performance.now();
  const { folder, versions, mongoOptions, redisOptions } = await prepare(dataDir);
  const firstMongo = await lockDataDir(mongoOptions);
  const pids: EnginesRecord['pids'] = { mongodb: firstMongo.pid };
  const record: EnginesRecord = {
    version: 1,
    ownerPid: process.pid,
    ownerStartTime: startTimeOf(process.pid) ?? '',
    mongodbUri: mongodbUri(mongoOptions.link),
    redisPath: redisOptions.socket,
    pids,
    startedAt: new Date().toISOString(),
  };
  let published = false;
  const publish = () => {
    try {
      if (published) writeEnginesFile(folder, record);
    } catch {
      // Full disk: the old pids in the file are only a hint, and the engines matter more.
    }
  };

  const mongo = supervise('mongodb', firstMongo, {
    spawn: () => spawnMongo(mongoOptions),
    onLife: (life) => {
      pids.mongodb = life?.pid;
      life?.guard(pids.redis ?? null);
      publish();
    },
    onEvent,
  });
  const started = (engine: EngineEvent['engine'], pid: number | undefined) =>
    onEvent({
      engine,
      event: 'started',
      detail: `${versions[engine]}, ${Math.round(performance.now() - begun)} ms after the start began`,
      ...(pid === undefined ? {} : { pid }),
    });
  started('mongodb', firstMongo.pid);

  let redis: Supervised<ReturnType<typeof spawnRedis>> | undefined;
  const touch = setInterval(() => touchLink(mongoOptions.link), TOUCH_EVERY_MS).unref();
  const stopAll = async () => {
    clearInterval(touch);
    published = false;
    // Before the lock goes, else it could be a successor's file; a start from here on waits for the lock.
    removeEnginesFile(folder);
    await redis?.stop(REDIS_STOP_MS);
    await mongo.stop(MONGODB_STOP_MS);
  };

  try {
    explainDisk(folder, () => writeEnginesFile(folder, record));
    published = true;
    const onRedisLife = (life: { pid: number | undefined } | undefined) => {
      pids.redis = life?.pid;
      mongo.current().guard(pids.redis ?? null);
      publish();
    };
    const firstRedis = spawnRedis(redisOptions);
    onRedisLife(firstRedis);
    await firstRedis.ready.catch(async (error: unknown) => {
      firstRedis.kill();
      await firstRedis.exited;
      throw error;
    });
    redis = supervise('redis', firstRedis, {
      spawn: () => spawnRedis(redisOptions),
      onLife: onRedisLife,
      onEvent,
    });
    started('redis', firstRedis.pid);
  } catch (error) {
    await stopAll();
    throw error;
  }

  let stopping: Promise<void> | undefined;
  return {
    mongodbUri: record.mongodbUri,
    redisPath: record.redisPath,
    pids: () => ({
      ...(pids.mongodb === undefined ? {} : { mongodb: pids.mongodb }),
      ...(pids.redis === undefined ? {} : { redis: pids.redis }),
    }),
    stop: () => {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

function touchLink(link: string) {
  try {
    lutimesSync(link, new Date(), new Date());
  } catch {
    // MongoDB is being respawned and makes a new one
  }
}
