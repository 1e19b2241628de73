import { type Config, loadConfig } from '../../config.js';
import { type Core, openCore } from '../../core.js';
import type { Flags, Globals } from './flags.js';
import { asked, exitCodeOf, type Io } from './io.js';

/** What a command works with. */
export type Cli = {
  readonly io: Io;
  /** A line for people. */
  say(line?: string): void;
  /** The answer to --json; once. */
  json(value: unknown): void;
  /** Settings in effect; `flags` are those of the command itself. */
  config(flags?: Flags): Config;
  /**
   * Opens the stores (those of a living service, else started for this command), runs `work` and closes them whatever
   * happens. When the process is asked to end, `work` is left behind, unless it `handlesSignal` itself.
   */
  withCore(work: (core: Core) => Promise<void>, options?: { handlesSignal?: boolean }): Promise<void>;
  /** The command did what it could, and not all went well: exit code 1. */
  failed(): void;
  /** A signal is this command's regular end and changes no exit code. */
  runsUntilAsked(): void;
  exitCode(): number;
};

export function createCli(io: Io, globals: () => Globals): Cli {
  let code: 0 | 1 = 0;
  let untilAsked = false;
  const config = (flags: Flags = {}): Config => {
    const { set, config: configDir, data } = globals();
    return loadConfig({
      flags: { ...set, ...(data === undefined ? {} : { 'data.dir': data }), ...flags },
      cwd: io.cwd,
      ...(configDir === undefined ? {} : { configDir }),
      ...(io.env ? { env: io.env } : {}),
    });
  };
  return {
    io,
    config,
    say: (line = '') => io.err(`${line}\n`),
    json: (value) => io.out(`${JSON.stringify(value, null, 2)}\n`),
    async withCore(work, { handlesSignal = false } = {}) {
      const core = await openCore({ config: spoken(config()), owner: 'command', write: io.err });
      try {
        if (io.signal.aborted) return;
        const working = work(core);
        await (handlesSignal ? working : Promise.race([working, asked(io.signal)]));
      } finally {
        await core.close();
      }
    },
    failed() {
      code = 1;
    },
    runsUntilAsked() {
      untilAsked = true;
    },
    exitCode: () => (io.signal.aborted && !untilAsked ? exitCodeOf(io.signal.reason) : code),
  };
}

/** A command speaks to a person: of the log only warnings, unless a level was asked for. */
const spoken = (config: Config): Config =>
  config.origins['log.level'] === 'default' ? { ...config, log: { ...config.log, level: 'warn' } } : config;
