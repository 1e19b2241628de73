import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { isRedressError, type RedressError } from '../../complaint/errors.js';
import { livingOwner, readEnginesFile } from './engines-file.js';
import { alreadyRunning, codeOf } from './errors.js';
import { locateMongodb, locateRedis } from './packages.js';
import { type Support, supportOf, thisHost } from './platform.js';
import { freeBytes, probeDataDir, probeExecutable, realDataDir } from './probes.js';
import { redisAnswers } from './redis-ping.js';

export type Inspection = { facts: Record<string, string>; problems: string[] };

/** Facts and problems of the embedded engines for `redress doctor`. Starts nothing and creates no folder. */
export async function inspectEngines(dataDir: string): Promise<Inspection> {
  const facts: Record<string, string> = {};
  const problems: string[] = [];
  const check = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      problems.push(isRedressError(error) ? withoutPrefix(error) : String((error as Error).message));
      return undefined;
    }
  };

  const host = thisHost();
  facts.system = `${host.platform} ${host.arch}${host.glibc ? `, glibc ${host.glibc}` : ''}`;
  const support = await check(() => supportOf(host));
  if (support) await inspectPackages(support, facts, check);

  const folder = realDataDir(dataDir);
  facts['data folder'] = folder ?? `${path.resolve(dataDir)} (not there yet)`;
  if (folder === null) {
    await check(() => checkParent(path.resolve(dataDir)));
    return { facts, problems };
  }
  await check(() => {
    probeDataDir(folder);
    probeExecutable(folder);
  });
  await check(() => {
    facts['free space'] = `${Math.floor(freeBytes(folder) / 1024 / 1024)} MB`;
  });
  const copies = existsSync(path.join(folder, 'bin')) ? readdirSync(path.join(folder, 'bin')) : [];
  facts['fixed copies'] = copies.length > 0 ? copies.join(', ') : 'none';
  await inspectOwner(folder, facts, problems);
  return { facts, problems };
}

async function inspectPackages(
  support: Support,
  facts: Record<string, string>,
  check: <T>(work: () => T | Promise<T>) => Promise<T | undefined>,
) {
  const mongodb = await check(() => locateMongodb(support));
  if (mongodb) facts['mongodb engine'] = `${support.mongodbPackage} ${mongodb.version}`;
  const redis = await check(() => locateRedis(support));
  if (redis)
    facts['redis engine'] =
      `${redis.from === 'package' ? support.redisPackage : 'redis-server on PATH,'} ${redis.version}`;
}

async function inspectOwner(folder: string, facts: Record<string, string>, problems: string[]) {
  const owner = livingOwner(folder);
  if (!owner) {
    const stale = readEnginesFile(folder);
    facts.engines = stale
      ? `not running; process ${stale.ownerPid}, started ${stale.startedAt}, ended without closing them (the next start cleans up)`
      : 'not running';
    return;
  }
  facts.engines = `running since ${owner.startedAt}, owned by process ${owner.ownerPid}`;
  facts['mongodb uri'] = owner.mongodbUri;
  facts['redis socket'] = owner.redisPath;
  if (!(await redisAnswers(owner.redisPath)))
    problems.push(
      `Redis does not answer on ${owner.redisPath}. ${alreadyRunning(folder, owner.ownerPid).fix}`,
    );
}

/** The folder would be made by the next start: can it be? */
function checkParent(folder: string) {
  let parent = path.dirname(folder);
  while (!existsSync(parent)) parent = path.dirname(parent);
  try {
    accessSync(parent, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(
      `${folder} can't be created: ${parent} can't be written (${codeOf(error)}). Use another data folder.`,
    );
  }
}

const withoutPrefix = (error: RedressError) => error.message.replace(`[redress] [${error.component}] `, '');
