import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { slackSink } from '../../src/sinks/slack.js';
import {
  DEFAULT_TOKEN,
  type Fault,
  type SlackStandIn,
  startSlackStandIn,
} from '../../stand-ins/slack/index.js';
import { delivery, sinkContract } from './contract.js';

const CHANNELS = ['billing', { name: 'old', archived: true }, { name: 'closed', member: false }];
const start = () => startSlackStandIn({ channels: CHANNELS, rate: Infinity });
const sinkOn = (slack: SlackStandIn, more: { token?: string; timeoutMs?: number } = {}) =>
  slackSink({ token: DEFAULT_TOKEN, apiUrl: slack.url, zone: 'Africa/Lagos', ...more });
const posted = (slack: SlackStandIn, id: string) =>
  slack.messages().filter((m) => m.metadata?.event_payload.delivery_id === id).length;

sinkContract('slack', async () => {
  const slack = await start();
  return {
    sink: sinkOn(slack),
    target: '#billing',
    effects: async (id) => posted(slack, id),
    loseNextAnswer: () => slack.script({ kind: 'drop' }),
    failNextFind: () => slack.script({ kind: 'http', status: 503 }),
    close: slack.close,
  };
});

describe('slack sink', () => {
  let slack: SlackStandIn;
  beforeEach(async () => {
    slack = await start();
  });
  afterEach(() => slack.close());

  const refused = (what: string, code: string) => ({ kind: 'refused', what, code });
  const unknown = (code: string) => ({ kind: 'unknown', code });
  const wait = (code: string, afterMs: number) => ({ kind: 'not_sent', code, afterMs });
  const answers: [Fault, object][] = [
    ...[
      'channel_not_found',
      'is_archived',
      'restricted_action_read_only_channel',
      'messages_tab_disabled',
    ].map((error): [Fault, object] => [{ kind: 'error', error }, refused('target', error)]),
    ...[
      'no_text',
      'msg_blocks_too_long',
      'invalid_blocks',
      'invalid_metadata_schema',
      'metadata_too_large',
    ].map((error): [Fault, object] => [{ kind: 'error', error }, refused('content', error)]),
    ...['invalid_auth', 'token_revoked', 'account_inactive', 'missing_scope'].map(
      (error): [Fault, object] => [{ kind: 'error', error }, refused('credentials', error)],
    ),
    [{ kind: 'error', error: 'made_up_tomorrow' }, refused('content', 'unrecognised_made_up_tomorrow')],
    [{ kind: 'error', error: 'fatal_error' }, unknown('fatal_error')],
    [{ kind: 'error', error: 'internal_error' }, unknown('internal_error')],
    [{ kind: 'error', error: 'service_unavailable' }, wait('service_unavailable', 30_000)],
    [{ kind: 'error', error: 'org_login_required' }, wait('org_login_required', 300_000)],
    [
      { kind: 'error', error: 'ratelimited' },
      { kind: 'rate_limited', retryAfterMs: 30_000 },
    ],
    [
      { kind: 'rate_limited', retryAfter: '7' },
      { kind: 'rate_limited', retryAfterMs: 7_000 },
    ],
    [
      { kind: 'rate_limited', retryAfter: '0' },
      { kind: 'rate_limited', retryAfterMs: 1_000 },
    ],
    [
      { kind: 'rate_limited', retryAfter: '999999' },
      { kind: 'rate_limited', retryAfterMs: 3_600_000 },
    ],
    [
      { kind: 'rate_limited', retryAfter: null },
      { kind: 'rate_limited', retryAfterMs: 30_000 },
    ],
    [
      { kind: 'rate_limited', retryAfter: 'soon' },
      { kind: 'rate_limited', retryAfterMs: 30_000 },
    ],
    [{ kind: 'http', status: 500 }, unknown('http_500')],
    [{ kind: 'http', status: 504 }, unknown('http_504')],
    [{ kind: 'http', status: 408 }, unknown('http_408')],
    [
      { kind: 'http', status: 403 },
      { kind: 'not_sent', code: 'http_403' },
    ],
    [{ kind: 'http', status: 407 }, unknown('connection_lost')],
    [{ kind: 'body', body: '<html>Please log in to the Wi-Fi</html>' }, unknown('unreadable_answer')],
    [{ kind: 'body', body: '' }, unknown('unreadable_answer')],
    [{ kind: 'body', body: 'null' }, unknown('connection_lost')],
    [{ kind: 'body', body: '{"ok":true}' }, unknown('unreadable_answer')],
    [{ kind: 'reset' }, unknown('econnreset')],
  ];
  it.each(answers)('%j becomes %j, after one call', async (fault, outcome) => {
    slack.script(fault);
    expect(await sinkOn(slack).send([delivery('billing')])).toEqual([outcome]);
    expect(slack.calls()).toHaveLength(1);
    expect(slack.messages()).toHaveLength(0);
  });

  it.each([['drop'], ['fail_after'], ['stall']] as const)(
    '%s after the work is unknown, then found',
    async (kind) => {
      const sink = sinkOn(slack, { timeoutMs: 150 });
      const one = delivery('billing');
      slack.script({ kind });
      expect((await sink.send([one]))[0]?.kind).toBe('unknown');
      expect(await sink.find(one)).toEqual({
        kind: 'found',
        times: 1,
        evidence: { ref: `${slack.messages()[0]?.channel.id}:${slack.messages()[0]?.ts}` },
      });
    },
  );

  it('knows that a refused connection sent nothing', async () => {
    await slack.close();
    const sink = sinkOn(slack);
    expect(await sink.send([delivery('billing')])).toEqual([{ kind: 'not_sent', code: 'econnrefused' }]);
    expect(await sink.find(delivery('billing'))).toEqual({ kind: 'unavailable', code: 'econnrefused' });
  });

  it('tells a wrong token from a wrong channel', async () => {
    const outcomeOf = async (target: string, token?: string) =>
      (await sinkOn(slack, token === undefined ? {} : { token }).send([delivery(target)]))[0];
    expect(await outcomeOf('billing', 'xoxb-wrong')).toEqual(refused('credentials', 'invalid_auth'));
    expect(await outcomeOf('#nowhere')).toEqual(refused('target', 'channel_not_found'));
    expect(await outcomeOf('#old')).toEqual(refused('target', 'is_archived'));
    expect(await outcomeOf('#closed')).toEqual(refused('target', 'not_in_channel'));
  });

  it('counts a message that is there twice and points at the first', async () => {
    const sink = sinkOn(slack);
    const one = delivery('billing');
    const [first] = await sink.send([one]);
    await sink.send([delivery('billing'), one]);
    expect(await sink.find(one)).toEqual({
      kind: 'found',
      times: 2,
      evidence: first?.kind === 'delivered' && first.evidence,
    });
  });

  it('finds what lies several pages back, by channel name, without having sent it itself', async () => {
    const one = delivery('#billing');
    await sinkOn(slack).send([one]);
    await sinkOn(slack).send(Array.from({ length: 450 }, () => delivery('billing')));
    expect(await sinkOn(slack).find(one)).toMatchObject({ kind: 'found', times: 1 });
    const pages = slack.calls().filter((call) => call.method === 'conversations.history');
    expect(pages).toHaveLength(3);
    const id = slack.messages()[0]?.channel.id ?? '';
    expect(await sinkOn(slack).find({ ...one, target: id })).toMatchObject({ kind: 'found', times: 1 });
  });

  it('says absent once a person deleted the message', async () => {
    const sink = sinkOn(slack);
    const one = delivery('billing');
    await sink.send([one]);
    slack.deleteMessage(1);
    expect(await sink.find(one)).toEqual({ kind: 'absent' });
  });

  it('passes on how long to wait when asking is limited, also in the middle of the pages', async () => {
    const sink = sinkOn(slack);
    const one = delivery('billing');
    await sink.send([one, ...Array.from({ length: 210 }, () => delivery('billing'))]);
    slack.script(
      { kind: 'ok', method: 'conversations.history' },
      { kind: 'rate_limited', retryAfter: '9', method: 'conversations.history' },
    );
    expect(await sink.find(one)).toEqual({ kind: 'unavailable', code: 'rate_limited', retryAfterMs: 9_000 });
    expect(await sink.find(delivery('#nowhere'))).toEqual({ kind: 'unavailable', code: 'channel_not_found' });
  });

  it('refuses options that cannot work, with a way out', () => {
    const options = { token: 'xoxb', apiUrl: slack.url, zone: 'Africa/Lagos' };
    expect(() => slackSink({ ...options, zone: 'Lagos' })).toThrow(
      /"Lagos" is not a time zone.*Africa\/Lagos/,
    );
    expect(() => slackSink({ ...options, apiUrl: 'slack' })).toThrow(/"slack" is not an address/);
  });
});
