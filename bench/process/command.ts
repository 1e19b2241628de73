import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareEnvironment } from './rpc.js';

const POLL_MS = 5;
const PATIENCE_MS = 60_000;

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs `node` with these arguments; standard error is kept for the case that it fails. */
export function runNode(args: readonly string[]): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, args, {
    env: bareEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2_000);
  });
  return { child, said: () => said };
}

/** Seconds until `node` with these arguments has ended well. */
export async function secondsToEnd(args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const { child } = runNode(args);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`bench: node ${args.join(' ')} ended with ${code}`);
  return (performance.now() - begun) / 1_000;
}

const statusOf = (url: string): Promise<number> =>
  new Promise((resolve) => {
    get(url, { agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    }).on('error', () => resolve(0));
  });

/** Waits until the address answers 200; throws what the process said if it ends before. */
export async function answers(url: string, { child, said }: ReturnType<typeof runNode>): Promise<void> {
  const giveUp = performance.now() + PATIENCE_MS;
  while ((await statusOf(url)) !== 200) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`bench: the service ended with ${child.signalCode ?? child.exitCode}: ${said()}`);
    if (performance.now() > giveUp)
      throw new Error(`bench: ${url} was not ready in ${PATIENCE_MS / 1_000} s: ${said()}`);
    await sleep(POLL_MS);
  }
}
