import {
  cpSync,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/config.js';
import { type Running, startService } from '../src/main.js';
import { configDir as shippedConfig } from '../src/paths.js';
import { loadRouting } from '../src/routing/rules.js';
import { type SlackStandIn, startSlackStandIn } from '../stand-ins/slack/index.js';

const TOKEN = 'xoxb-stand-in';

/** The whole service in a folder of its own, with the Slack stand-in as its Slack. */
export type Site = {
  readonly folder: string;
  readonly dataDir: string;
  readonly configDir: string;
  readonly logFile: string;
  readonly url: string;
  readonly apiKey: string;
  readonly running: Running;
  readonly slack: SlackStandIn;
  /** Service first, then its Slack. Idempotent. */
  stop(): Promise<void>;
  /** Deletes the folder; only after `stop`. */
  remove(): void;
};

export type SiteOptions = {
  /** Messages a second to one channel, for the service and the stand-in alike. */
  readonly slackRate: number;
  /** From the shipped sources.yaml to the one used. */
  readonly sources?: (shipped: string) => string;
};

/**
 * Starts everything. Settings are the defaults with the shipped feeds and routing: neither redress.yaml nor the
 * environment is read, so that a demo can never write into stores of the operator's own.
 */
export async function startSite(options: SiteOptions): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'redress-demo-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const configDir = join(folder, 'config');
  const dataDir = join(folder, 'data');
  const logFile = join(folder, 'service.log');
  let slack: SlackStandIn | undefined;
  try {
    mkdirSync(configDir);
    cpSync(join(shippedConfig, 'routing.yaml'), join(configDir, 'routing.yaml'));
    const { sources = (shipped) => shipped } = options;
    const shipped = readFileSync(join(shippedConfig, 'sources.yaml'), 'utf8');
    writeFileSync(join(configDir, 'sources.yaml'), sources(shipped));
    const { teams } = loadRouting(join(configDir, 'routing.yaml'));
    const channels = [...new Set(Object.values(teams).map((team) => team.slack))].map(channelOf);
    slack = await startSlackStandIn({ channels, token: TOKEN, rate: options.slackRate });
    const config = loadConfig({
      env: {},
      configDir,
      flags: {
        'data.dir': dataDir,
        'http.port': '0',
        'slack.botToken': TOKEN,
        'slack.apiUrl': slack.url,
        'slack.messagesPerSecond': String(options.slackRate),
      },
    });
    const log = createWriteStream(logFile, { flags: 'a' });
    log.on('error', () => {}); // a log that can't be written must not end the demo
    const running = await startService({ config, write: (line) => void log.write(line) });
    return siteOf({ folder, dataDir, configDir, logFile, running, slack, log, remove });
  } catch (error) {
    await slack?.close();
    remove();
    throw error;
  }
}

/** A team may name its channel or give its id. */
const channelOf = (target: string) =>
  target.startsWith('#') ? target : { name: target.toLowerCase(), id: target };

type Parts = Pick<Site, 'folder' | 'dataDir' | 'configDir' | 'logFile' | 'running' | 'slack' | 'remove'>;

function siteOf({ log, ...parts }: Parts & { readonly log: { end(done: () => void): unknown } }): Site {
  const { running, slack } = parts;
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await running.stop();
    await slack.close();
    await new Promise<void>((done) => log.end(done));
  };
  return {
    ...parts,
    url: running.url ?? '',
    apiKey: running.firstKey ?? '',
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
