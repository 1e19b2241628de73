import { createHash } from 'node:crypto';
import { ApiError } from './arguments.js';
import { appendLog, type LogEntry, readLog } from './log.js';
import { type Channel, Message, type MessageContent, parseTs } from './message.js';

export type ChannelSetting =
  | string
  | {
      readonly name: string;
      readonly id?: string;
      readonly archived?: boolean;
      /** Whether the bot is in it; default true. */
      readonly member?: boolean;
    };

/** Ids come from names, so that a restarted workspace has the same ones. */
const idOf = (name: string): string =>
  `C0${createHash('sha256').update(name).digest('hex').slice(0, 9).toUpperCase()}`;

function toChannel(setting: ChannelSetting): Channel {
  const given = typeof setting === 'string' ? { name: setting } : setting;
  const name = given.name.replace(/^#/, '');
  return {
    name,
    id: given.id ?? idOf(name),
    archived: given.archived ?? false,
    member: given.member ?? true,
  };
}

type Shelf = { readonly top: Message[]; readonly threads: Map<string, Message[]>; last: number };

/** Channels and their messages, in memory, with an optional file that survives a restart. */
export class Workspace {
  readonly channels: readonly Channel[];
  readonly #shelves = new Map<string, Shelf>();
  readonly #posted: Message[] = [];
  readonly #file: string | undefined;
  readonly #max: number;
  readonly #now: () => number;

  constructor(channels: readonly ChannelSetting[], file: string | undefined, max: number, now: () => number) {
    this.channels = channels.map(toChannel);
    for (const channel of this.channels)
      this.#shelves.set(channel.id, { top: [], threads: new Map(), last: 0 });
    this.#file = file;
    this.#max = max;
    this.#now = now;
  }

  /** Reads the file of an earlier workspace; entries of channels that are no longer configured are left out. */
  async restore(): Promise<void> {
    if (this.#file === undefined) return;
    for await (const entry of readLog(this.#file)) {
      const channel = this.channels.find((c) => c.id === entry.channel);
      const micros = parseTs(entry.ts);
      if (channel === undefined || micros === undefined) continue;
      if (entry.op === 'post') this.#keep(channel, micros, entry);
      else {
        const message = this.find(channel, entry.ts);
        if (message && entry.op === 'update') this.#change(message, entry);
        else if (message) this.#drop(message);
      }
    }
  }

  byId(id: string | undefined): Channel | undefined {
    return this.channels.find((c) => c.id === id);
  }
  byName(name: string | undefined): Channel | undefined {
    return this.channels.find((c) => c.name === name?.replace(/^#/, ''));
  }

  post(channel: Channel, content: MessageContent): Message {
    if (this.#posted.length >= this.#max) throw new ApiError('message_limit_exceeded');
    const micros = Math.max(Math.floor(this.#now() * 1e3), this.#shelf(channel).last + 1);
    const message = this.#keep(channel, micros, content);
    this.#log({ op: 'post', channel: channel.id, ts: message.ts, ...content });
    return message;
  }

  update(message: Message, content: MessageContent): void {
    this.#change(message, content);
    this.#log({ op: 'update', channel: message.channel.id, ts: message.ts, ...content });
  }

  /** What a person does with "Delete message". `number` is the message's own, counted from 1. */
  remove(number: number): Message {
    const message = this.#posted[number - 1];
    if (message === undefined || message.deleted)
      throw new RangeError(`There is no message ${number} to delete; ${this.#posted.length} were posted.`);
    this.#drop(message);
    this.#log({ op: 'delete', channel: message.channel.id, ts: message.ts });
    return message;
  }

  /** Messages that are there now, in the order they were posted. */
  messages(): Message[] {
    return this.#posted.filter((m) => !m.deleted);
  }
  /** Top-level messages of a channel, oldest first. */
  top(channel: Channel): readonly Message[] {
    return this.#shelf(channel).top;
  }
  replies(channel: Channel, ts: string): readonly Message[] {
    return this.#shelf(channel).threads.get(ts) ?? [];
  }
  find(channel: Channel, ts: string): Message | undefined {
    const shelf = this.#shelf(channel);
    const micros = parseTs(ts) ?? -1;
    const at = firstAtOrAfter(shelf.top, micros);
    if (shelf.top[at]?.micros === micros) return shelf.top[at];
    for (const thread of shelf.threads.values())
      for (const reply of thread) if (reply.micros === micros) return reply;
    return undefined;
  }

  #shelf(channel: Channel): Shelf {
    const shelf = this.#shelves.get(channel.id);
    if (shelf === undefined) throw new ApiError('channel_not_found');
    return shelf;
  }
  #keep(channel: Channel, micros: number, { text, blocksJson, metadata, threadTs }: MessageContent): Message {
    const shelf = this.#shelf(channel);
    const message = new Message(this.#posted.length + 1, channel, micros, {
      text,
      blocksJson,
      metadata,
      threadTs,
    });
    this.#posted.push(message);
    shelf.last = micros;
    if (threadTs === undefined) shelf.top.push(message);
    else shelf.threads.set(threadTs, [...(shelf.threads.get(threadTs) ?? []), message]);
    return message;
  }
  #change(message: Message, { text, blocksJson, metadata }: MessageContent): void {
    message.content = { text, blocksJson, metadata, threadTs: message.content.threadTs };
    message.edited = true;
  }
  #drop(message: Message): void {
    message.deleted = true;
    const shelf = this.#shelf(message.channel);
    const { threadTs } = message.content;
    const list = threadTs === undefined ? shelf.top : (shelf.threads.get(threadTs) ?? []);
    list.splice(list.indexOf(message), 1);
  }
  #log(entry: LogEntry): void {
    if (this.#file !== undefined) appendLog(this.#file, entry);
  }
}

/** Index of the first message not older than `micros`; messages are sorted. */
export function firstAtOrAfter(messages: readonly Message[], micros: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.micros ?? Infinity) < micros) low = middle + 1;
    else high = middle;
  }
  return low;
}
