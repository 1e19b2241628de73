import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { type EngineProcess, exitOf } from './engine-process.js';
import { engineError, OWN_SERVERS } from './errors.js';
import { redisAnswers } from './redis-ping.js';

const START_LIMIT_MS = 60_000;
const POLL_MS = 5;
const LOG_LINES = 6;

export type RedisOptions = {
  /** File or command. */
  readonly command: string;
  /** Its own folder; created. */
  readonly folder: string;
  readonly socket: string;
};

/**
 * Memory only: MongoDB is the truth and every start rebuilds the queue from it. Redis takes no lock on its folder,
 * so the caller must hold MongoDB's. Throws `wrong_thread`.
 */
export function spawnRedis({ command, folder, socket }: RedisOptions): EngineProcess {
  // The kernel's parent-death signal follows the thread that spawned: a worker's end would stop the server.
  if (!isMainThread)
    throw engineError(
      'wrong_thread',
      'Redis was to be started from a worker thread.',
      'Start the engines from the main thread.',
    );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  rmSync(socket, { force: true }); // so that only the new server can answer there
  const [program = '', ...args] = commandLine(command, socket);
  // detached: Ctrl+C reaches this process alone. The folder is the working directory: no path of the user's has to
  // survive Redis's own rules of quoting.
  const child = spawn(program, args, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = exitOf(child);
  const log = lastLines(child.stdout, child.stderr);
  const ready = becomesReady(socket, exited, log);
  ready.catch(() => {});
  return {
    pid: child.pid,
    ready,
    exited,
    close: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
  };
}

function commandLine(command: string, socket: string): string[] {
  // Redis refuses to start under a locale that is not installed.
  const locale = ['/usr/bin/env', 'LC_ALL=C'];
  // The kernel stops the server if we die without a chance to do it; where there is no setpriv, the MongoDB child does.
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file));
  const settings = {
    port: '0',
    'set-proc-title': 'no', // the command line is how a leftover is known
    unixsocket: socket,
    unixsocketperm: '700',
    appendonly: 'no',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  return [
    ...locale,
    ...(setpriv ? [setpriv, '--pdeathsig', 'TERM'] : []),
    command,
    ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
  ];
}

async function becomesReady(
  socket: string,
  exited: EngineProcess['exited'],
  log: readonly string[],
): Promise<void> {
  let ended: string | undefined;
  void exited.then(({ detail }) => {
    ended = detail;
  });
  for (let waited = 0; !(await redisAnswers(socket)); waited += POLL_MS) {
    if (ended === undefined && waited < START_LIMIT_MS) await delay(POLL_MS);
    else
      throw engineError(
        'engine_failed',
        `The embedded Redis did not start (${ended ?? `no answer in ${START_LIMIT_MS / 1000} s`}): ${log.join(' | ') || 'it said nothing'}.`,
        `Look at the lines above for the cause, or ${OWN_SERVERS}.`,
      );
  }
}

/** Keeps the pipes flowing and the last lines for an error at start (a server without data has none to show). */
function lastLines(...outputs: NodeJS.ReadableStream[]): readonly string[] {
  const lines: string[] = [];
  for (const output of outputs)
    output.on('data', (data: Buffer) => {
      lines.push(
        ...data
          .toString()
          .split('\n')
          .filter(Boolean)
          .map((line) => line.slice(0, 300)),
      );
      lines.splice(0, Math.max(0, lines.length - LOG_LINES));
    });
  return lines;
}
