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

// A reader that has seen enough (`| head`) ends the command as the signal would; a full disk under `> file` is a failure.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return ending.abort('SIGPIPE');
  if (!crashed) process.stderr.write(`[redress] [cli] Standard output can't be written (${code}).\n`);
  crashed = true;
  ending.abort('crash');
});
// What people read may go unread: a service must not end with the reader of its log.
process.stderr.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') crashed = true;
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
// The last thing written may be what showed that nobody reads.
const unread = ending.signal.reason === 'SIGPIPE';
process.exit(crashed ? 1 : code === 0 && unread ? exitCodeOf('SIGPIPE') : code);
