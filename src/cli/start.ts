import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Running } from '../main.js';
import type { Cli } from './support/cli.js';
import { type Flags, settingValue } from './support/flags.js';
import { asked } from './support/io.js';
import { pairs } from './support/text.js';

/** What an orderly stop may take; orchestrators kill after 30 s. */
const STOP_MS = 25_000;

export function startCommand(program: Command, cli: Cli): void {
  program
    .command('start')
    .description('start the service; ends on SIGTERM or Ctrl+C, a second one ends it at once')
    .option('--port <number>', 'as --set http.port=<number>', settingValue('http.port'))
    .option(
      '--role <names>',
      'api, workers, scheduler, with commas: what this process does',
      settingValue('roles'),
    )
    .action(async ({ port, role }: { port?: string; role?: string }) => {
      const flags: Flags = {
        ...(port === undefined ? {} : { 'http.port': port }),
        ...(role === undefined ? {} : { roles: role }),
      };
      await start(cli, flags);
    });
}

async function start(cli: Cli, flags: Flags): Promise<void> {
  const { io } = cli;
  cli.runsUntilAsked();
  const config = cli.config(flags);
  // The words for people come first, then the log: what was logged until then is held back.
  const held: string[] = [];
  let write = (line: string): void => void held.push(line);
  const release = () => {
    for (const line of held.splice(0)) io.err(line);
    write = io.err;
  };
  let running: Running;
  try {
    // Loaded here: no other command needs the HTTP server, the model or the workers.
    const { startService } = await import('../main.js');
    running = await startService({ config, write: (line) => write(line) });
    cli.say(greeting(running));
  } finally {
    release();
  }
  await asked(io.signal);
  running.service.log('info', 'stopping', { reason: String(io.signal.reason) });
  const stopped = running.stop().then(() => true);
  const inTime = await Promise.race([stopped, sleep(STOP_MS, false, { ref: false })]);
  if (inTime) return;
  stopped.catch(() => {});
  cli.say(
    `Not all parts stopped within ${STOP_MS / 1_000} s; what they had not finished is taken up at the next start.`,
  );
  cli.failed();
}

function greeting({ url, firstKey, service }: Running): string {
  const { config, software, storesFrom } = service;
  const { roles, slack, data } = config;
  const lines = pairs([
    ['address', url],
    ['API and docs', url && `${url}/docs`],
    ['roles', roles.length === 3 ? undefined : roles.join(', ')],
    ['data folder', data.dir],
    [
      'stores',
      storesFrom === 'embedded'
        ? 'embedded engines: for evaluation and small sites (docs/configuration.md: MONGODB_URI, REDIS_URL)'
        : 'your own (MONGODB_URI, REDIS_URL)',
    ],
    [
      'Slack',
      slack.botToken === undefined
        ? 'no SLACK_BOT_TOKEN: messages go to the built-in outbox, see `redress outbox`'
        : 'connected by SLACK_BOT_TOKEN',
    ],
    ['first API key', firstKey],
    [
      '',
      firstKey &&
        'Keep it now: it is not shown again. It may do everything; `redress keys create` makes lesser ones.',
    ],
  ]);
  return `Redress ${software} is running.\n${lines}`;
}
