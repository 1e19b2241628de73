import { ApiError, type Arguments, flag, text } from './arguments.js';
import { type Channel, type Message, parseTs } from './message.js';
import { firstAtOrAfter, type Workspace } from './workspace.js';

const MAX_LIMIT = 999;

function channelToRead(workspace: Workspace, args: Arguments): Channel {
  const channel = workspace.byId(text(args, 'channel'));
  if (channel === undefined) throw new ApiError('channel_not_found');
  if (!channel.member) throw new ApiError('not_in_channel');
  return channel;
}

function readLimit(args: Arguments, fallback: number): number {
  const limit = Number(text(args, 'limit') ?? fallback);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw new ApiError('invalid_limit');
  return limit;
}

function readTs(args: Arguments, key: 'oldest' | 'latest'): number | undefined {
  const given = text(args, key);
  if (given === undefined) return undefined;
  const micros = parseTs(given);
  if (micros === undefined) throw new ApiError(`invalid_ts_${key}`);
  return micros;
}

const toCursor = (n: number): string => Buffer.from(`next_ts:${n}`).toString('base64');
function readCursor(args: Arguments): number | undefined {
  const given = text(args, 'cursor');
  if (given === undefined) return undefined;
  const parts = /^next_ts:(\d{1,16})$/.exec(Buffer.from(given, 'base64').toString());
  if (!parts) throw new ApiError('invalid_cursor');
  return Number(parts[1]);
}

/** A page that goes on at message `next`, or the last one. */
function page(messages: readonly Message[], next: Message | undefined, args: Arguments) {
  return {
    messages: messages.map((m) => m.toJSON(flag(args, 'include_all_metadata'))),
    has_more: next !== undefined,
    ...(next === undefined ? {} : { response_metadata: { next_cursor: toCursor(next.micros) } }),
  };
}

/** Half-open range of indexes that `oldest`, `latest` and `inclusive` leave of sorted messages. */
function range(messages: readonly Message[], args: Arguments): { from: number; to: number } {
  const inclusive = flag(args, 'inclusive') ? 0 : 1;
  const oldest = readTs(args, 'oldest');
  const latest = readTs(args, 'latest');
  return {
    from: oldest === undefined ? 0 : firstAtOrAfter(messages, oldest + inclusive),
    to: latest === undefined ? messages.length : firstAtOrAfter(messages, latest + 1 - inclusive),
  };
}

/** Newest first; a cursor names the next message, so that new ones do not move the pages. */
export function history(workspace: Workspace, args: Arguments) {
  const messages = workspace.top(channelToRead(workspace, args));
  const limit = readLimit(args, 100);
  const { from, to } = range(messages, args);
  const cursor = readCursor(args);
  const end = Math.max(from, cursor === undefined ? to : Math.min(to, firstAtOrAfter(messages, cursor + 1)));
  const start = Math.max(from, end - limit);
  return page(messages.slice(start, end).reverse(), start > from ? messages[start - 1] : undefined, args);
}

/** The parent, then its replies, oldest first. */
export function replies(workspace: Workspace, args: Arguments) {
  const channel = channelToRead(workspace, args);
  const parent = workspace.find(channel, text(args, 'ts') ?? '');
  if (parent === undefined) throw new ApiError('thread_not_found');
  const thread = [parent, ...workspace.replies(channel, parent.ts)];
  const limit = readLimit(args, MAX_LIMIT);
  const { from, to } = range(thread, args);
  const cursor = readCursor(args);
  const start = cursor === undefined ? from : Math.max(from, firstAtOrAfter(thread, cursor));
  const end = Math.max(start, Math.min(to, start + limit));
  return page(thread.slice(start, end), end < to ? thread[end] : undefined, args);
}

export function list(workspace: Workspace, args: Arguments) {
  const kept = workspace.channels.filter((c) => !(c.archived && flag(args, 'exclude_archived')));
  const limit = readLimit(args, 100);
  const from = readCursor(args) ?? 0;
  const channels = kept.slice(from, from + limit).map((c) => ({
    id: c.id,
    name: c.name,
    is_channel: true,
    is_archived: c.archived,
    is_member: c.member,
  }));
  const more = from + limit < kept.length;
  return { channels, response_metadata: { next_cursor: more ? toCursor(from + limit) : '' } };
}
