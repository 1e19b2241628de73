import type { Metadata } from './limits.js';

export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly archived: boolean;
  /** Whether the bot is in the channel. */
  readonly member: boolean;
};

export type MessageContent = {
  readonly text: string;
  /** Blocks as JSON text: 200,000 parsed messages would not fit into memory. */
  readonly blocksJson?: string | undefined;
  readonly metadata?: Metadata | undefined;
  readonly threadTs?: string | undefined;
};

/** One posted message. `number` counts from 1 over the life of the workspace, deleted ones included. */
export class Message {
  readonly number: number;
  readonly channel: Channel;
  /** Microseconds since 1970: what `ts` says, in a form that sorts. */
  readonly micros: number;
  content: MessageContent;
  edited = false;
  deleted = false;

  constructor(number: number, channel: Channel, micros: number, content: MessageContent) {
    this.number = number;
    this.channel = channel;
    this.micros = micros;
    this.content = content;
  }

  get ts(): string {
    return formatTs(this.micros);
  }
  get text(): string {
    return this.content.text;
  }
  get metadata(): Metadata | undefined {
    return this.content.metadata;
  }
  get blocks(): readonly Record<string, unknown>[] {
    return this.content.blocksJson === undefined ? [] : JSON.parse(this.content.blocksJson);
  }

  /** The message as Slack's methods answer it. */
  toJSON(withMetadata = true): Record<string, unknown> {
    const { text, blocksJson, metadata, threadTs } = this.content;
    return {
      type: 'message',
      bot_id: 'B0STANDIN',
      text,
      ts: this.ts,
      ...(blocksJson === undefined ? {} : { blocks: JSON.parse(blocksJson) }),
      ...(metadata === undefined || !withMetadata ? {} : { metadata }),
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      ...(this.edited ? { edited: { user: 'B0STANDIN', ts: this.ts } } : {}),
    };
  }
}

export const formatTs = (micros: number): string =>
  `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;

/** `1767225600.000100` or `1767225600` to microseconds; undefined if it is neither. */
export function parseTs(ts: string): number | undefined {
  const parts = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(ts);
  return parts ? Number(parts[1]) * 1e6 + Number((parts[2] ?? '').padEnd(6, '0')) : undefined;
}
