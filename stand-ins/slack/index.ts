import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Fault } from './faults.js';
import type { Message } from './message.js';
import { type SlackStandInOptions, withDefaults } from './options.js';
import { type Call, slackServer } from './server.js';
import { Workspace } from './workspace.js';

export type { Fault } from './faults.js';
export type { Message } from './message.js';
export { DEFAULT_CHANNELS, DEFAULT_TOKEN, type SlackStandInOptions } from './options.js';
export type { Call } from './server.js';

export type SlackStandIn = {
  /** Base of the methods, e.g. `http://127.0.0.1:4030/api/`. */
  readonly url: string;
  /** Messages that are there now, in the order they were posted. */
  messages(): Message[];
  /** Every call since the start, the newest 200,000. */
  calls(): readonly Call[];
  /** Queues faults; each coming call takes the first that fits its method. */
  script(...faults: Fault[]): void;
  /** Deletes message `number` (its place in the order of posting, from 1), as a person would. */
  deleteMessage(number: number): Message;
  /** Idempotent; cuts connections that a `stall` left open. */
  close(): Promise<void>;
};

/** A local server that keeps the contract of the part of Slack's Web API that Redress uses. */
export async function startSlackStandIn(options: SlackStandInOptions = {}): Promise<SlackStandIn> {
  const settings = withDefaults(options);
  const workspace = new Workspace(settings.channels, settings.file, settings.maxMessages, settings.now);
  await workspace.restore();
  const { server, script, calls } = slackServer(workspace, settings);
  server.listen(settings.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/`,
    messages: () => workspace.messages(),
    calls: () => calls,
    script: (...faults) => script.add(faults),
    deleteMessage: (number) => workspace.remove(number),
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4030' },
      rate: { type: 'string', default: '1' },
      token: { type: 'string' },
      file: { type: 'string' },
      channels: { type: 'string' },
    },
  });
  const standIn = await startSlackStandIn({
    port: Number(values.port),
    rate: Number(values.rate),
    ...(values.token === undefined ? {} : { token: values.token }),
    ...(values.file === undefined ? {} : { file: values.file }),
    ...(values.channels === undefined ? {} : { channels: values.channels.split(',') }),
  });
  process.stdout.write(`Slack stand-in at ${standIn.url}\n`);
  process.once('SIGTERM', () => void standIn.close());
  process.once('SIGINT', () => void standIn.close());
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  await main();
