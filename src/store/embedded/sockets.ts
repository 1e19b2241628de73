import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { engineError, OWN_SERVERS } from './errors.js';

/** The kernel's limit for a Unix socket's path, bytes. Node 20 listens on a truncated path without an error. */
const SOCKET_PATH_MAX = 107;
/** The longest path made below a socket folder: MongoDB's own, in a folder with six random characters. */
const LONGEST_BELOW = path.join('embedded-mongodb-XXXXXX', 'mongodb.sock');

/** The MongoDB driver decodes a socket's path twice, so nothing that needs encoding may be in it. */
const PLAIN_PATH = /^[\w./-]+$/;

/** The names stay the same over restarts of an engine: this is what lets the drivers reconnect by themselves. */
export const mongodbLink = (folder: string) => path.join(folder, 'mongodb.sock');
export const redisSocket = (folder: string) => path.join(folder, 'redis.sock');
export const mongodbUri = (link: string) => `mongodb://${encodeURIComponent(link)}/?directConnection=true`;
export const mongodbSocketOf = (uri: string) =>
  decodeURIComponent(/^mongodb:\/\/([^/?]+)/.exec(uri)?.[1] ?? '');

/**
 * A folder for the Unix sockets of one data folder: inside it where its path is short and plain, else a private one in
 * the system's folder for temporary files, named by a hash of the data folder's path. Never open to other users.
 * `dataDir` is absolute and real. Throws `no_socket_folder`.
 */
export async function socketFolder(dataDir: string): Promise<string> {
  const user = process.getuid?.() ?? 0;
  const name = `redress-${user}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
  const candidates = [
    path.join(dataDir, 'run'),
    ...[os.tmpdir(), '/tmp', '/dev/shm'].map((base) => path.join(base, name)),
  ];
  for (const folder of candidates) {
    const fits =
      PLAIN_PATH.test(folder) && Buffer.byteLength(path.join(folder, LONGEST_BELOW)) <= SOCKET_PATH_MAX;
    if (fits && isPrivate(folder, user) && (await carriesSockets(folder))) return folder;
  }
  throw engineError(
    'no_socket_folder',
    `No private folder with a short and plain path can hold Unix sockets (tried ${candidates.join(', ')}).`,
    `Set TMPDIR to a writable folder on a local disk, or ${OWN_SERVERS}.`,
  );
}

function isPrivate(folder: string, user: number): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stat = lstatSync(folder); // not through a link that somebody else may have put there
    return stat.isDirectory() && stat.uid === user && (stat.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

/** Network and shared folders may know neither sockets nor links. */
async function carriesSockets(folder: string): Promise<boolean> {
  const probe = path.join(folder, `p-${randomUUID().slice(0, 8)}`);
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(probe, resolve);
    });
    symlinkSync(probe, `${probe}.l`);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(`${probe}.l`, { force: true });
    server.close(); // removes the socket's file as well; closing what never listened is harmless
  }
}
