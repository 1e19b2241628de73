#!/usr/bin/env node
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from './program.js';
import { explain } from './support/errors.js';
import { exitCodeOf } from './support/io.js';

/** npm hands Ctrl+C on to a process that the terminal has told already: this close together it is one. */
const SAME_SIGNAL_MS = 500;
/** After a crash the orderly end gets this long. */
const CRASH_STOP_MS = 26_000;

const ending = new AbortController();
let askedAt = 0;
let crashed = false;

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (!ending.signal.aborted) {
      askedAt = performance.now();
      ending.abort(signal);
    } else if (performance.now() - askedAt > SAME_SIGNAL_MS) process.exit(exitCodeOf(signal));
  });

function crash(error: unknown): void {
  process.stderr.write(`${explain(error)}\n`);
  if (crashed) return;
  crashed = true;
  ending.abort('crash');
  setTimeout(() => process.exit(1), CRASH_STOP_MS).unref();
}
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

// A reader that has seen enough (`| head`) is no trouble; a full disk under `> file` is.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    crashed = true;
    if (stream === process.stdout)
      process.stderr.write(`[redress] [cli] Standard output can't be written (${error.code}).\n`);
  });

const code = await runCli(process.argv.slice(2), {
  in: process.stdin,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
  signal: ending.signal,
  cwd: process.cwd(),
});

const written = (stream: NodeJS.WriteStream) => new Promise<void>((done) => stream.write('', () => done()));
await Promise.race([Promise.all([written(process.stdout), written(process.stderr)]), sleep(5_000)]);
process.exit(crashed ? 1 : code);
