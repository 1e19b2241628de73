import { ApiError, type Arguments, structure, text } from './arguments.js';
import { checkBlocks, checkMetadata, SLACK_LIMITS } from './limits.js';
import type { Channel, MessageContent } from './message.js';
import type { Workspace } from './workspace.js';

/** Posting takes a name or an id; every other method takes ids only, as at Slack. */
function channelToPost(workspace: Workspace, args: Arguments): Channel {
  const given = text(args, 'channel');
  const channel = workspace.byId(given) ?? workspace.byName(given);
  if (channel === undefined) throw new ApiError('channel_not_found');
  if (channel.archived) throw new ApiError('is_archived');
  if (!channel.member) throw new ApiError('not_in_channel');
  return channel;
}

function readContent(args: Arguments): MessageContent {
  const markdown = text(args, 'markdown_text');
  const plain = text(args, 'text');
  const blocks = structure(args, 'blocks', 'invalid_blocks_format');
  const attachments = structure(args, 'attachments', 'invalid_attachments');
  const metadata = structure(args, 'metadata', 'invalid_metadata_format');
  if (markdown !== undefined) {
    if (plain !== undefined || blocks !== undefined) throw new ApiError('markdown_text_conflict');
    if (markdown.length > SLACK_LIMITS.markdownTextChars) throw new ApiError('msg_too_long');
  }
  if (Array.isArray(attachments) && attachments.length > SLACK_LIMITS.attachments)
    throw new ApiError('too_many_attachments');
  const checked = blocks === undefined ? undefined : checkBlocks(blocks);
  const words = plain ?? markdown;
  if (words === undefined && !checked?.length && !(Array.isArray(attachments) && attachments.length))
    throw new ApiError('no_text');
  return {
    text: words ?? '',
    blocksJson: checked?.length ? JSON.stringify(checked) : undefined,
    metadata: metadata === undefined ? undefined : checkMetadata(metadata),
  };
}

/** `limit` is asked once the call is known to be good; it throws when the channel has had enough. */
export function postMessage(workspace: Workspace, args: Arguments, limit: (channel: Channel) => void) {
  const channel = channelToPost(workspace, args);
  limit(channel);
  const content = readContent(args);
  const threadTs = text(args, 'thread_ts');
  if (threadTs !== undefined && workspace.find(channel, threadTs)?.content.threadTs !== undefined)
    throw new ApiError('cannot_reply_to_message');
  if (threadTs !== undefined && workspace.find(channel, threadTs) === undefined)
    throw new ApiError('thread_not_found');
  // Slack cuts over-long text instead of refusing it.
  const cut = content.text.slice(0, SLACK_LIMITS.textChars);
  const message = workspace.post(channel, { ...content, text: cut, threadTs });
  return { channel: channel.id, ts: message.ts, message: message.toJSON() };
}

export function updateMessage(workspace: Workspace, args: Arguments) {
  const channel = workspace.byId(text(args, 'channel'));
  if (channel === undefined) throw new ApiError('channel_not_found');
  if (channel.archived) throw new ApiError('is_archived');
  const message = workspace.find(channel, text(args, 'ts') ?? '');
  if (message === undefined) throw new ApiError('message_not_found');
  const content = readContent(args);
  if (content.text.length > SLACK_LIMITS.updateTextChars) throw new ApiError('msg_too_long');
  workspace.update(message, { ...content, metadata: content.metadata ?? message.metadata });
  return { channel: channel.id, ts: message.ts, text: message.text, message: message.toJSON() };
}
