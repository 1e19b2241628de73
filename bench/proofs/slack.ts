import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_TOKEN, type Fault } from '../../stand-ins/slack/index.js';
import { startChild } from './child.js';

const SCRIPT = fileURLToPath(new URL('../../stand-ins/slack/index.js', import.meta.url));
const START_MS = 20_000;

/** A message as the stand-in has it. */
export type SlackMessage = {
  readonly channel: string;
  readonly ts: string;
  readonly metadata?: {
    readonly event_payload?: { readonly complaint_id?: string; readonly delivery_id?: string };
  };
};
export type SlackCall = { readonly method: string; readonly answer: string };

/** The Slack stand-in as a process of its own, which outlives every kill of the service. */
export type Slack = {
  readonly url: string;
  readonly token: string;
  messages(): Promise<SlackMessage[]>;
  calls(): Promise<SlackCall[]>;
  /** Each coming call takes the first fault that fits it. */
  script(...faults: readonly Fault[]): Promise<void>;
  stop(): Promise<void>;
};

export async function startSlack(
  folder: string,
  channels: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Slack> {
  const file = join(folder, 'slack.jsonl');
  const names = channels.map((c) => c.replace(/^#/, '')).join(',');
  const args = ['--port', '0', '--rate', '100000', '--file', file, '--channels', names];
  const child = startChild(SCRIPT, args, { env, log: join(folder, 'slack.log') });
  const [, url = ''] = await child.says(/stand-in at (\S+)/, START_MS);
  const control = (what: string) => new URL(`/control/${what}`, url);

  async function lines<T>(what: string): Promise<T[]> {
    const answer = await fetch(control(what), { signal: AbortSignal.timeout(30_000) });
    if (!answer.ok) throw new Error(`the Slack stand-in answers ${answer.status} to ${what}`);
    return (await answer.text())
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  }

  return {
    url,
    token: DEFAULT_TOKEN,
    messages: () => lines('messages'),
    calls: () => lines('calls'),
    async script(...faults) {
      const answer = await fetch(control('script'), { method: 'POST', body: JSON.stringify(faults) });
      if (!answer.ok) throw new Error(`the Slack stand-in takes no faults: ${answer.status}`);
      await answer.arrayBuffer();
    },
    async stop() {
      child.kill('SIGTERM');
      await child.exited;
    },
  };
}
