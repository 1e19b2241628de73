import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { livingOwner } from './engines-file.js';
import { realDataDir } from './probes.js';
import { redisAnswers } from './redis-ping.js';

export type AttachedEngines = { mongodbUri: string; redisPath: string; ownerPid: number };

/** A living owner may be starting, or respawning an engine: worth this many tries. */
const TRIES = 5;
const PAUSE_MS = 500;
const ANSWER_LIMIT_MS = 2_000;

/**
 * The living engines of `dataDir` that a process owns, this one or another; null if there is no owner, or if its
 * engines do not answer within some seconds. An engines.json left by a killed owner counts as none.
 */
export async function attachEngines(dataDir: string): Promise<AttachedEngines | null> {
  const folder = realDataDir(dataDir);
  for (let attempt = 1; folder !== null && attempt <= TRIES; attempt++) {
    const owner = livingOwner(folder);
    if (!owner) return null;
    const { mongodbUri, redisPath, ownerPid } = owner;
    // Redis first: its answer, or none, is known in a millisecond.
    if ((await redisAnswers(redisPath)) && (await mongodbAnswers(mongodbUri)))
      return { mongodbUri, redisPath, ownerPid };
    if (attempt < TRIES) await delay(PAUSE_MS);
  }
  return null;
}

async function mongodbAnswers(uri: string): Promise<boolean> {
  let client: MongoClient | undefined;
  try {
    client = new MongoClient(uri, {
      serverSelectionTimeoutMS: ANSWER_LIMIT_MS,
      connectTimeoutMS: ANSWER_LIMIT_MS,
    });
    await client.db('admin').command({ ping: 1 }, { timeoutMS: ANSWER_LIMIT_MS });
    return true;
  } catch {
    return false;
  } finally {
    await client?.close();
  }
}
