import { explain } from '../src/cli/support/errors.js';
import { exitCodeOf } from '../src/cli/support/io.js';

/** npm hands Ctrl+C on to a process that the terminal has told already: this close together it is one. */
const SAME_SIGNAL_MS = 500;

/** Aborts on Ctrl+C, SIGTERM or a crash, so that everything is stopped in order; a second Ctrl+C ends at once. */
export function onSignals(): AbortSignal {
  const ending = new AbortController();
  let askedAt = 0;
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (!ending.signal.aborted) {
        askedAt = performance.now();
        ending.abort(name);
      } else if (performance.now() - askedAt > SAME_SIGNAL_MS) process.exit(exitCodeOf(name));
    });
  let crashed = false;
  for (const name of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(name, (error: unknown) => {
      if (crashed) return; // the first says what happened; telling it may be what fails
      crashed = true;
      process.stderr.write(`${explain(error)}\n`);
      ending.abort('crash');
    });
  // A reader that has seen enough (`| head`) is no trouble: it goes on to its end and its exit code.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') ending.abort('crash');
    });
  return ending.signal;
}
