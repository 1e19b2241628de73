import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  DEFAULT_TOKEN,
  type SlackStandIn,
  type SlackStandInOptions,
  startSlackStandIn,
} from '../../stand-ins/slack/index.js';

type Json = Record<string, unknown>;
const open: SlackStandIn[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(options: SlackStandInOptions = {}) {
  const slack = await startSlackStandIn({ channels: ['billing', 'network'], rate: Infinity, ...options });
  open.push(slack);
  const headers = { authorization: `Bearer ${DEFAULT_TOKEN}` };
  const raw = (method: string, args: Json, more: Record<string, string> = {}) =>
    fetch(slack.url + method, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', ...more },
      body: JSON.stringify(args),
    });
  const call = async (method: string, args: Json): Promise<Json> =>
    (await raw(method, args)).json() as Promise<Json>;
  const post = (args: Json) => call('chat.postMessage', { channel: 'billing', ...args });
  return { slack, raw, call, post, headers };
}

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

describe('slack stand-in', () => {
  it('reads form and JSON bodies alike', async () => {
    const { slack, post, headers } = await start();
    const blocks = [section('one')];
    const metadata = { event_type: 't', event_payload: { a: 'b' } };
    await post({ text: 'x', blocks, metadata });
    await fetch(`${slack.url}chat.postMessage`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({
        channel: '#billing',
        text: 'x',
        blocks: JSON.stringify(blocks),
        metadata: JSON.stringify(metadata),
      }),
    });
    const [a, b] = slack.messages();
    expect(a?.blocks).toEqual(blocks);
    expect({ ...b?.toJSON(), ts: 0 }).toEqual({ ...a?.toJSON(), ts: 0 });
  });

  it('asks for a token, and says so with HTTP 200', async () => {
    const { call, raw, headers } = await start();
    expect(await call('auth.test', {})).toMatchObject({ ok: true, bot_id: 'B0STANDIN' });
    const wrong = await raw('auth.test', {}, { authorization: 'Bearer xoxb-other' });
    expect([wrong.status, await wrong.json()]).toEqual([200, { ok: false, error: 'invalid_auth' }]);
    const none = await raw('auth.test', {}, { authorization: '' });
    expect(await none.json()).toEqual({ ok: false, error: 'not_authed' });
    expect(headers.authorization).toContain(DEFAULT_TOKEN);
  });

  it.each<[string, Json, string]>([
    ['no text', {}, 'no_text'],
    ['unknown channel', { channel: 'nowhere', text: 'x' }, 'channel_not_found'],
    ['51 blocks', { blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }, 'invalid_blocks'],
    ['section of 3001', { blocks: [section('x'.repeat(3_001))] }, 'invalid_blocks'],
    ['empty section text', { blocks: [section('')] }, 'invalid_blocks'],
    [
      'header of 151',
      { blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] },
      'invalid_blocks',
    ],
    [
      'header in mrkdwn',
      { blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] },
      'invalid_blocks',
    ],
    [
      '11 fields',
      { blocks: [{ type: 'section', fields: Array.from({ length: 11 }, () => section('x').text) }] },
      'invalid_blocks',
    ],
    [
      'button text of 76',
      {
        blocks: [
          {
            type: 'actions',
            elements: [{ type: 'button', text: { type: 'plain_text', text: 'x'.repeat(76) } }],
          },
        ],
      },
      'invalid_blocks',
    ],
    [
      'blocks too long in all',
      { blocks: Array.from({ length: 5 }, () => section('x'.repeat(2_700))) },
      'msg_blocks_too_long',
    ],
    ['blocks that are no list', { blocks: { type: 'divider' } }, 'invalid_blocks_format'],
    ['metadata that is no object', { text: 'x', metadata: 'y' }, 'invalid_metadata_format'],
    ['metadata without a payload', { text: 'x', metadata: { event_type: 'y' } }, 'invalid_metadata_schema'],
    [
      'metadata too deep',
      { text: 'x', metadata: { event_type: 'y', event_payload: { a: { b: { c: 1 } } } } },
      'invalid_metadata_schema',
    ],
    ['markdown beside text', { text: 'x', markdown_text: 'y' }, 'markdown_text_conflict'],
  ])('refuses %s', async (_name, args, error) => {
    const { slack, post } = await start();
    expect(await post(args)).toMatchObject({ ok: false, error });
    expect(slack.messages()).toHaveLength(0);
  });

  it('gives every message of a channel its own ts, and cuts text at 40,000', async () => {
    const { slack, post } = await start({ now: () => 1_767_225_600_000 });
    await Promise.all(Array.from({ length: 20 }, () => post({ text: 'x'.repeat(40_001) })));
    expect(new Set(slack.messages().map((m) => m.ts)).size).toBe(20);
    expect(slack.messages()[0]?.ts).toBe('1767225600.000000');
    expect(slack.messages()[0]?.text).toHaveLength(40_000);
  });

  it('limits a channel, not its neighbour, and lets it go on after Retry-After', async () => {
    let now = 1_767_225_600_000;
    const { raw } = await start({ rate: 1, burst: 2, now: () => now });
    const post = async (channel: string) => {
      const answer = await raw('chat.postMessage', { channel, text: 'x' });
      return [answer.status, answer.headers.get('retry-after')];
    };
    expect(await post('billing')).toEqual([200, null]);
    expect(await post('billing')).toEqual([200, null]);
    expect(await post('billing')).toEqual([429, '1']);
    expect(await post('network')).toEqual([200, null]);
    now += 1_000;
    expect(await post('billing')).toEqual([200, null]);
  });

  it('pages history newest first; new messages do not move the pages', async () => {
    const { slack, call, post } = await start();
    for (let i = 0; i < 5; i++)
      await post({ text: `m${i}`, metadata: { event_type: 't', event_payload: { i } } });
    const channel = slack.messages()[0]?.channel.id;
    const page = async (more: Json) => {
      const answer = await call('conversations.history', { channel, limit: 2, ...more });
      const next = (answer.response_metadata as Json | undefined)?.next_cursor;
      return { texts: (answer.messages as Json[]).map((m) => m.text), more: answer.has_more, next };
    };
    const first = await page({});
    expect(first).toMatchObject({ texts: ['m4', 'm3'], more: true });
    await post({ text: 'late' });
    const second = await page({ cursor: first.next });
    expect(second).toMatchObject({ texts: ['m2', 'm1'], more: true });
    expect(await page({ cursor: second.next })).toEqual({ texts: ['m0'], more: false, next: undefined });

    const third = slack.messages()[2]?.ts;
    expect((await page({ oldest: third, limit: 9 })).texts).toEqual(['late', 'm4', 'm3']);
    expect((await page({ oldest: third, inclusive: true, limit: 9 })).texts).toEqual([
      'late',
      'm4',
      'm3',
      'm2',
    ]);
    expect((await page({ latest: third, inclusive: false, limit: 9 })).texts).toEqual(['m1', 'm0']);
    const bare = await call('conversations.history', { channel });
    expect((bare.messages as Json[])[0]).not.toHaveProperty('metadata');
    const full = await call('conversations.history', { channel, include_all_metadata: true });
    expect((full.messages as Json[])[1]).toHaveProperty('metadata.event_payload.i', 4);
    expect(await call('conversations.history', { channel: 'billing' })).toEqual({
      ok: false,
      error: 'channel_not_found',
    });
    expect(await call('conversations.history', { channel, cursor: '?' })).toEqual({
      ok: false,
      error: 'invalid_cursor',
    });
  });

  it('keeps replies in their thread and out of the history', async () => {
    const { slack, call, post } = await start();
    const { ts, channel } = await post({ text: 'parent' });
    for (const text of ['a', 'b', 'c']) await post({ text, thread_ts: ts });
    const replies = await call('conversations.replies', { channel, ts, limit: 2 });
    expect((replies.messages as Json[]).map((m) => m.text)).toEqual(['parent', 'a']);
    const cursor = (replies.response_metadata as Json).next_cursor;
    const rest = await call('conversations.replies', { channel, ts, limit: 2, cursor });
    expect((rest.messages as Json[]).map((m) => m.text)).toEqual(['b', 'c']);
    expect(rest.has_more).toBe(false);
    expect((await call('conversations.history', { channel })).messages).toHaveLength(1);
    expect(await post({ text: 'x', thread_ts: slack.messages()[1]?.ts })).toMatchObject({
      error: 'cannot_reply_to_message',
    });
  });

  it('edits: metadata stays, blocks go when left out, 4,000 characters at most', async () => {
    const { slack, call, post } = await start();
    const metadata = { event_type: 't', event_payload: { a: 1 } };
    const { ts, channel } = await post({ text: 'x', blocks: [section('y')], metadata });
    expect(await call('chat.update', { channel, ts, text: 'z'.repeat(4_001) })).toMatchObject({
      error: 'msg_too_long',
    });
    expect(await call('chat.update', { channel, ts, text: 'new' })).toMatchObject({ ok: true, text: 'new' });
    expect(slack.messages()[0]).toMatchObject({ text: 'new', blocks: [], metadata, edited: true });
    expect(await call('chat.update', { channel, ts: '1.000000', text: 'x' })).toMatchObject({
      error: 'message_not_found',
    });
  });

  it('takes faults in order and by method', async () => {
    const { slack, raw, post } = await start();
    slack.script({ kind: 'http', status: 500, method: 'chat.postMessage', times: 2 }, { kind: 'drop' });
    const failed = await raw('chat.postMessage', { channel: 'billing', text: 'x' });
    expect([failed.status, failed.headers.get('content-type')]).toEqual([500, 'text/plain']);
    await expect(raw('auth.test', {})).rejects.toMatchObject({ name: 'TypeError' });
    await raw('chat.postMessage', { channel: 'billing', text: 'x' });
    expect(await post({ text: 'x' })).toMatchObject({ ok: true });
    expect(slack.calls().map((c) => c.answer)).toEqual(['http_500', 'drop', 'http_500', 'ok']);
  });

  it('can be driven from another process', async () => {
    const { slack, post } = await start();
    const control = (path: string, init?: RequestInit) => fetch(new URL(path, slack.url), init);
    await control('/control/script', {
      method: 'POST',
      body: JSON.stringify([{ kind: 'error', error: 'fatal_error' }]),
    });
    expect(await post({ text: 'x' })).toMatchObject({ error: 'fatal_error' });
    await post({ text: 'y' });
    expect(await (await control('/control/messages')).text()).toMatch(
      /^\{"channel":"billing".*"text":"y".*\}\n$/,
    );
    await control('/control/delete?message=1', { method: 'POST' });
    expect(slack.messages()).toHaveLength(0);
  });

  it('has its messages again after a restart, also when it was killed in the middle of a line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slack-stand-in-'));
    const file = join(folder, 'messages.jsonl');
    try {
      const before = await start({ file });
      const { ts, channel } = await before.post({ text: 'kept', blocks: [section('b')] });
      await before.post({ text: 'deleted' });
      await before.call('chat.update', { channel, ts, text: 'edited' });
      before.slack.deleteMessage(2);
      await before.slack.close();
      await writeFile(file, `${await readFile(file, 'utf8')}{"op":"post","chan`);

      const after = await start({ file });
      expect(after.slack.messages().map((m) => [m.ts, m.text])).toEqual([[ts, 'edited']]);
      await after.post({ text: 'next' });
      await after.slack.close();
      const again = await start({ file });
      expect(again.slack.messages().map((m) => m.text)).toEqual(['edited', 'next']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says so when it is full', async () => {
    const { post } = await start({ maxMessages: 1 });
    await post({ text: 'x' });
    expect(await post({ text: 'x' })).toEqual({ ok: false, error: 'message_limit_exceeded' });
  });
});
