import path from 'node:path';
import { compatibleFiles } from './elf/compatible.js';
import { livingOwner, ownerLives, readEnginesFile } from './engines-file.js';
import { alreadyRunning } from './errors.js';
import { stopLeftovers } from './leftovers.js';
import { type MongoOptions, type MongoProcess, spawnMongo } from './mongo.js';
import { locateMongodb, locateRedis } from './packages.js';
import { supportOf, thisHost } from './platform.js';
import { explainDisk, openDataDir, probeDataDir, probeExecutable } from './probes.js';
import type { RedisOptions } from './redis.js';
import { mongodbLink, redisSocket, socketFolder } from './sockets.js';

export type Prepared = {
  /** The data folder, absolute and real. */
  readonly folder: string;
  readonly versions: { readonly mongodb: string; readonly redis: string };
  readonly mongoOptions: MongoOptions;
  readonly redisOptions: RedisOptions;
};

/** All that can be known to fail before a process is started. */
export async function prepare(dataDir: string): Promise<Prepared> {
  const host = thisHost();
  const support = supportOf(host);
  const folder = openDataDir(dataDir);
  const owner = livingOwner(folder);
  if (owner) throw alreadyRunning(folder, owner.ownerPid);
  probeDataDir(folder);
  const mongodb = locateMongodb(support);
  const redis = await locateRedis(support);
  const fitting = (engine: string, files: string[]) =>
    explainDisk(folder, () =>
      compatibleFiles(engine, files, {
        host,
        cache: path.join(folder, 'bin'),
        beforeCopy: () => probeExecutable(folder),
      }),
    );
  const [addon = ''] = fitting('mongodb', [mongodb.addon, mongodb.library]);
  const [command = ''] = redis.from === 'package' ? fitting('redis', [redis.command]) : [redis.command];
  const run = await socketFolder(folder);
  const earlier = readEnginesFile(folder);
  if (earlier && ownerLives(earlier)) throw alreadyRunning(folder, earlier.ownerPid); // a start beside this one was faster
  if (earlier) await stopLeftovers(earlier);
  return {
    folder,
    versions: { mongodb: `embedded-mongodb ${mongodb.version}`, redis: `Redis ${redis.version}` },
    mongoOptions: {
      dataDir: folder,
      link: mongodbLink(run),
      addon,
      onWaiting: () => {},
    },
    redisOptions: {
      command,
      folder: path.join(folder, 'redis'),
      socket: redisSocket(run),
    },
  };
}

/** Starts MongoDB, which takes the lock; refuses at once when the holder is a living owner, waits for one that closes. */
export async function lockDataDir(options: MongoOptions): Promise<MongoProcess> {
  const folder = options.dataDir;
  let owner = livingOwner(folder);
  const mongo = spawnMongo({
    ...options,
    onWaiting: () => {
      owner ??= livingOwner(folder);
      if (owner) mongo.close();
    },
  });
  const failure = await mongo.ready.then(
    () => undefined,
    (error: unknown) => error,
  );
  // Also with the lock in hand: an owner whose engine was killed a moment ago is about to take it again.
  owner ??= livingOwner(folder);
  if (failure === undefined && owner === null) return mongo;
  mongo.close();
  await mongo.exited;
  throw owner ? alreadyRunning(folder, owner.ownerPid) : failure;
}
