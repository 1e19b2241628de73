import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RedressError } from '../../src/complaint/errors.js';
import { configDir } from '../../src/paths.js';
import { loadRouting } from '../../src/routing/rules.js';
import { readEnginesFile } from '../../src/store/embedded/engines-file.js';
import { type Child, startChild } from './child.js';
import { type Slack, startSlack } from './slack.js';

const CLI = fileURLToPath(new URL('../../src/cli/index.js', import.meta.url));
/** What is proven does not depend on how well texts are read, and takes an hour less with a small model. */
const MODEL = 'baseline-bayes-1';
const START_MS = 60_000;
const COMMAND_MS = 300_000;

export type CommandResult = {
  readonly how: number | NodeJS.Signals;
  /** Standard output, which is JSON with `--json`. */
  readonly output: string;
  readonly log: string;
};

/** One installation in a temporary folder: the service and its commands as processes, and a Slack of its own. */
export type Site = {
  readonly folder: string;
  readonly dataDir: string;
  readonly slack: Slack;
  /** Where the service listens, its first key, its process; after the first `start`. */
  door(): Promise<{ readonly url: string; readonly key: string; readonly pid: number }>;
  /** Throws if the service has ended by itself. */
  mustRun(): void;
  /** Starts the service; waits for whoever holds the data folder at this moment. */
  start(): Promise<void>;
  /** kill -9; resolves when the process is gone. Its engines end by themselves. */
  kill(): Promise<void>;
  /** Kills an engine of the running service with -9; false if there is none to kill at this moment. */
  killEngine(engine: 'mongodb' | 'redis'): boolean;
  /** Runs a command of the CLI; its exit code is for the caller to judge. */
  redress(...args: string[]): Promise<CommandResult>;
  /** Orderly stop of everything; the folder is removed unless it is to be kept. */
  close(keep: boolean): Promise<void>;
};

/** What a child may see of this process's environment: never the settings or tokens of a real installation. */
function plainEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'] as const;
  return Object.fromEntries(
    kept.map((name) => [name, process.env[name]]).filter((pair): pair is [string, string] => !!pair[1]),
  );
}

export type SiteOptions = {
  /** Slack messages a second and channel. */
  readonly rate: number;
  /** Settings beyond those that a proof needs, as environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Changes the text of sources.yaml; without it the configuration is the one of the package. */
  readonly sources?: (yaml: string) => string;
};

/** A configuration folder of this site's own, as options of every command. */
function ownConfig(folder: string, change: (yaml: string) => string): string[] {
  const own = join(folder, 'config');
  cpSync(configDir, own, { recursive: true });
  const file = join(own, 'sources.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  return ['--config', own];
}

export async function openSite({ rate, settings = {}, sources }: SiteOptions): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'redress-proof-'));
  const dataDir = join(folder, 'data');
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  const plain = plainEnvironment();
  const config = sources ? ownConfig(folder, sources) : [];
  const { teams } = loadRouting(join(configDir, 'routing.yaml'));
  const slack = await startSlack(folder, [...new Set(Object.values(teams).map((t) => t.slack))], plain);
  const env = {
    ...plain,
    REDRESS_DATA_DIR: dataDir,
    REDRESS_HTTP_PORT: '0',
    REDRESS_LOG_LEVEL: 'debug',
    SLACK_BOT_TOKEN: slack.token,
    SLACK_API_URL: slack.url,
    REDRESS_SLACK_RATE: String(rate),
    REDRESS_MODEL: MODEL,
    ...settings,
  };
  let service: Child | undefined;
  let commands = 0;
  let starts = 0;
  const logOf = (start: number) => join(logs, `service-${start}.log`);

  /** Undefined: the data folder was in use. */
  async function tryStart(log: string): Promise<Child | undefined> {
    const child = startChild(CLI, ['start', ...config], { env, log });
    const [said] = await child.says(/is running\.|is in use by/, START_MS);
    if (said === 'is running.') return child;
    await child.exited;
    return undefined;
  }

  return {
    folder,
    dataDir,
    slack,
    async door() {
      if (!service) throw new Error('the service is not started');
      const [, url = ''] = await service.says(/address +(\S+)/, START_MS);
      const [, key = ''] = await service.says(/first API key +(rdk_\S+)/, START_MS);
      return { url, key, pid: service.pid };
    },
    mustRun() {
      if (service?.alive()) return;
      throw new RedressError(
        'proof',
        'service_ended',
        'The service has ended by itself.',
        `What it said: ${logOf(starts)}`,
      );
    },
    async start() {
      starts += 1;
      const log = logOf(starts);
      for (const until = Date.now() + START_MS; Date.now() < until; await sleep(250)) {
        service = await tryStart(log);
        if (service) return;
      }
      throw new RedressError(
        'proof',
        'no_start',
        `The service did not get its data folder in ${START_MS / 1_000} s.`,
        `What it said: ${log}`,
      );
    },
    async kill() {
      service?.kill('SIGKILL');
      await service?.exited;
    },
    killEngine(engine) {
      const record = readEnginesFile(dataDir);
      const pid = record?.pids[engine];
      // Only an engine that the service of this proof owns.
      if (pid === undefined || record?.ownerPid !== service?.pid || !service?.alive()) return false;
      try {
        return process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
        throw error;
      }
    },
    async redress(...args) {
      commands += 1;
      const log = join(logs, `command-${commands}-${args[0]}.log`);
      const child = startChild(CLI, [...args, ...config], { env, log });
      const limit = setTimeout(() => child.kill('SIGKILL'), COMMAND_MS);
      const how = await child.exited;
      clearTimeout(limit);
      return { how, output: child.output(), log };
    },
    async close(keep) {
      service?.kill('SIGTERM');
      await service?.exited;
      await slack.stop();
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}
