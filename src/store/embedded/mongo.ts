import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromChild, ToChild } from './child-messages.js';
import { type EngineProcess, exitOf } from './engine-process.js';
import { engineError, OWN_SERVERS } from './errors.js';

const CHILD = fileURLToPath(new URL('./mongo-child.js', import.meta.url));

/** Recovery of a large journal takes its time; a child that says nothing for longer hangs. */
const START_LIMIT_MS = 10 * 60_000;

export type MongoProcess = EngineProcess & {
  /** Redis ends with the child if this process dies without a word; null: nothing to end. */
  guard(redisPid: number | null): void;
};

export type MongoOptions = {
  readonly dataDir: string;
  /** Stable path of the socket. */
  readonly link: string;
  /** Native addon to load; empty: the package's own. */
  readonly addon: string;
  /** Another process holds the folder: called about ten times a second while the child waits for it. */
  readonly onWaiting: () => void;
};

export function spawnMongo({ dataDir, link, addon, onWaiting }: MongoOptions): MongoProcess {
  // detached: Ctrl+C reaches this process alone, so that workers finish before their store goes.
  // execArgv: flags such as --inspect are this process's, not the child's.
  const child = fork(CHILD, [dataDir, link, addon], {
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exited = exitOf(child);
  const kill = () => void child.kill('SIGKILL');
  const ready = new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => {
      reject(failed(dataDir, `no answer in ${START_LIMIT_MS / 1000} s`));
      kill();
    }, START_LIMIT_MS);
    child.on('message', (message: FromChild) => {
      if (message.kind === 'waiting') return onWaiting();
      clearTimeout(limit);
      if (message.kind === 'ready') resolve();
      else reject(message.locked ? locked(dataDir) : failed(dataDir, message.reason));
    });
    void exited.then(({ detail }) => {
      clearTimeout(limit);
      reject(failed(dataDir, detail));
    });
  });
  ready.catch(() => {}); // whoever waits sees it; nobody has to
  return {
    pid: child.pid,
    ready,
    exited,
    close: () => {
      if (child.connected) child.disconnect();
    },
    kill,
    guard: (redisPid) => {
      const message: ToChild = { kind: 'guard', redisPid };
      if (child.connected) child.send(message, () => {}); // a child that just died needs no message
    },
  };
}

const failed = (dataDir: string, why: string) =>
  engineError(
    'engine_failed',
    `The embedded MongoDB did not start on ${dataDir} (${why}).`,
    `If the data was written by a newer version, use that one; else restore a backup into a new data folder, or ${OWN_SERVERS}.`,
  );

const locked = (dataDir: string) =>
  engineError(
    'data_dir_locked',
    `The database in ${dataDir} is locked by a process that is not known here (another container or machine may share the folder).`,
    `Stop the other one, or give this one another data folder, or ${OWN_SERVERS}.`,
  );
