import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../../src/cli/program.js';

const ENTRY = fileURLToPath(new URL('../../../src/cli/index.js', import.meta.url));
const OURS = /^(REDRESS_|SLACK_|MONGODB_|REDIS_|SMTP_)/;
/** The test's own environment must not configure the product. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));

const folders: string[] = [];
const children: ChildProcess[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'redress-cli-'));
  folders.push(folder);
  return folder;
}

export async function cleanUp(): Promise<void> {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
}

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };
export type Command = {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once standard error shows this, past or to come; rejects if the process ends without it. */
  shows(words: string | RegExp): Promise<string>;
};

/** The compiled program as a process of its own. */
export function start(...args: readonly string[]): Command {
  const child = spawn(process.execPath, [ENTRY, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let out = '';
  let err = '';
  const waiting = new Set<() => void>();
  let over = false;
  child.stdout.on('data', (d) => {
    out += d;
  });
  child.stderr.on('data', (d) => {
    err += d;
    for (const look of waiting) look();
  });
  const ended = once(child, 'close').then(([code]) => {
    over = true;
    for (const look of waiting) look();
    return { code: code as number | null, out, err };
  });
  return {
    child,
    ended,
    shows: (words) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = typeof words === 'string' ? err.includes(words) : words.test(err);
          if (!found && !over) return;
          waiting.delete(look);
          if (found) resolve(err);
          else reject(new Error(`ended without showing ${words}: ${err}`));
        };
        waiting.add(look);
        look();
      }),
  };
}

export const redress = (...args: readonly string[]): Promise<Ended> => start(...args).ended;

/** In this process: for what opens no engine. */
export async function inProcess(...args: readonly string[]): Promise<Ended> {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    in: Readable.from([]),
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
    signal: new AbortController().signal,
    env: {},
    cwd: tmpdir(),
  });
  return { code, out, err };
}
