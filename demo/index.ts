import { isRedressError } from '../src/complaint/errors.js';
import { explain } from '../src/cli/support/errors.js';
import { asked, exitCodeOf } from '../src/cli/support/io.js';
import { runDemo } from './demo.js';
import { readOptions, USAGE } from './options.js';
import { createScreen } from './screen.js';
import { onSignals } from './signals.js';

async function main(): Promise<number> {
  const signal = onSignals();
  try {
    const options = readOptions(process.argv.slice(2));
    if (options.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const screen = createScreen(options.json ? process.stderr : process.stdout, Date.now);
    return await runDemo(options, {
      screen,
      signal,
      asked: asked(signal),
      cwd: process.cwd(),
      json: (report) => process.stdout.write(`${JSON.stringify(report, null, 2)}\n`),
    });
  } catch (error) {
    if (signal.aborted) return exitCodeOf(signal.reason);
    process.stderr.write(`${explain(error)}\n`);
    const usage = isRedressError(error) && error.code === 'usage';
    if (usage) process.stderr.write(`\n${USAGE}`);
    return usage ? 2 : 1;
  }
}

process.exitCode = await main();
