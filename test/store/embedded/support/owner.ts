/**
 * A small owner of engines, for tests that kill it or run it under another user or mount: starts the engines on the
 * folder in its argument, tells what happens as JSON lines, ends them at a line on standard input.
 */
import { isRedressError } from '../../../../src/complaint/errors.js';
import { startEngines } from '../../../../src/store/embedded/index.js';

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  const engines = await startEngines({
    dataDir: process.argv[2] ?? '',
    onEvent: (event) => say({ kind: 'event', ...event }),
  });
  say({
    kind: 'started',
    mongodbUri: engines.mongodbUri,
    redisPath: engines.redisPath,
    pids: engines.pids(),
  });
  process.stdin.once('data', () => {
    void engines.stop().then(() => {
      say({ kind: 'stopped' });
      process.stdin.destroy();
    });
  });
} catch (error) {
  const { code, message } = error as Error & { code?: string };
  say({ kind: 'failed', redress: isRedressError(error), code, message });
}
