import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { startTimeOf } from '../../../../src/store/embedded/process-identity.js';

const OWNER = fileURLToPath(new URL('./owner.js', import.meta.url));

export type Started = {
  kind: 'started';
  mongodbUri: string;
  redisPath: string;
  pids: { mongodb: number; redis: number };
};
export type Failed = { kind: 'failed'; redress: boolean; code: string; message: string };
type Line = Started | Failed | { kind: 'stopped' } | { kind: 'event'; event: string; engine: string };

export type Owner = {
  child: ChildProcess;
  /** The first line of one of these kinds, past or to come; rejects if the process ends without one. */
  line<K extends Line['kind']>(...kinds: K[]): Promise<Extract<Line, { kind: K }>>;
  stop(): Promise<void>;
};

const temporary: string[] = [];
const owners: ChildProcess[] = [];

/** A fresh folder under the system's folder for temporary files. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'redress-test-'));
  temporary.push(folder);
  return folder;
}

/** Removed with the rest: a socket folder that had to lie outside its data folder. */
export const removeLater = (folder: string) => void temporary.push(folder);

export async function cleanUp() {
  for (const child of owners.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
}

/** Runs support/owner.js on a folder; `wrap` goes before it, e.g. a change of user. */
export function startOwner(dataDir: string, wrap: string[] = [], env: NodeJS.ProcessEnv = {}): Owner {
  const [program = '', ...args] = [...wrap, process.execPath, OWNER, dataDir];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  owners.push(child);
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  let ended = false;
  let errors = '';
  const wake = () => {
    for (const look of waiting) look();
  };
  child.stderr.on('data', (d) => {
    errors += d;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line));
    wake();
  });
  child.once('close', () => {
    ended = true;
    wake();
  });
  const line: Owner['line'] = (...kinds) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = lines.find((l) => (kinds as string[]).includes(l.kind));
        if (!found && !ended) return;
        waiting.delete(look);
        if (found) resolve(found as never);
        else
          reject(
            new Error(`the owner ended without ${kinds.join(' or ')}: ${JSON.stringify(lines)} ${errors}`),
          );
      };
      waiting.add(look);
      look();
    });
  return {
    child,
    line,
    stop: async () => {
      child.stdin.write('stop\n');
      await line('stopped');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** Other processes' ends can't be waited for by an event. */
export async function gone(...pids: number[]): Promise<void> {
  while (pids.some((pid) => startTimeOf(pid) !== undefined)) await delay(20);
}

/** Runs `work` with a driver of its own on the engine. */
export async function withMongo<T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 20_000 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

export const isRoot = process.getuid?.() === 0;

/** Root in a container may still not be allowed to mount. */
export const canMount = isRoot && succeeds('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', os.tmpdir()]);
export const canChangeUser =
  isRoot && succeeds('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'true']);
/** Wraps a command so that it runs as nobody. */
export const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
/** Wraps a command so that it sees mounts of its own, made by `script` ($0 is `folder`). */
export const withMounts = (script: string, folder: string) => [
  'unshare',
  '-m',
  'sh',
  '-ec',
  `${script}; exec "$@"`,
  folder,
];

function succeeds(program: string, args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
