import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildApp } from '../../routes/app.js';
import type { Envelope } from '../../src/complaint/envelope.js';
import { RedressError } from '../../src/complaint/errors.js';
import type { Feed } from '../../src/config/feeds.js';
import { caller, keyWith, routed, startTestApi, type TestApi, until } from './support.js';

const SECRET = 'Ada 08031234567';
let api: TestApi;
let read: string;
let desk: string;
const ids: string[] = [];

/** A file's row, as an import would hand it over. `bad`: what no mapping makes a complaint. */
const row = (n: number, more: Partial<Envelope> = {}): Envelope => ({
  feed: 'api',
  source: 'api',
  identity: { kind: 'sender', space: 'test', value: `t${n}` },
  content: [String(n), SECRET],
  raw: Buffer.from(JSON.stringify({ txt: SECRET })),
  format: { kind: 'json' },
  position: { kind: 'file', of: 'calls.csv', index: n, line: n + 1 },
  ...more,
});

const get = (url: string, key = read) => api.call('GET', `/v1/quarantine${url}`, { key });
const post = (what: string, body: unknown, key = desk) =>
  api.call('POST', `/v1/quarantine/${what}`, { body, key });
const rest = (ids: readonly string[]) =>
  get(`?status=quarantined&limit=200`).then(({ body }) =>
    body.items.filter((i: { id: string }) => ids.includes(i.id)),
  );

beforeAll(async () => {
  api = await startTestApi();
  read = await keyWith(api, 'read');
  desk = await keyWith(api, 'desk');
  const { doors, feeds } = api.service;
  const feed = feeds.get('api');
  if (!feed) throw new Error('no feed api');
  const cut = { code: 'too_large' as const, detail: '300 KiB' };
  const outcomes = await doors.accept(feed, [row(1), row(2), row(3), row(4, { reason: cut })]);
  ids.push(...outcomes.map((o) => o.id));
  await until(async () => (await rest(ids)).length === 4);
});
afterAll(() => api.drop());

describe('GET /v1/quarantine', () => {
  it('lists with reason, place and what to do, counts, and nothing of what the records say', async () => {
    const { status, body, text } = await get('?feed=api');
    expect(status).toBe(200);
    expect(body.items).toHaveLength(4);
    expect(body.items.find((i: { id: string }) => i.id === ids[0])).toEqual({
      id: ids[0],
      reference: expect.stringMatching(/^.{5}-.{5}-.$/),
      feed: 'api',
      source: 'api',
      status: 'quarantined',
      reason: 'schema_mismatch',
      detail: expect.any(String),
      whatToDo: expect.stringContaining('correct the mapping'),
      replayable: true,
      position: { kind: 'file', of: 'calls.csv', index: 1, line: 2 },
      receivedAt: expect.any(String),
      statusAt: expect.any(String),
      attempts: 1,
      run: expect.any(String),
      rawHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(body.counts).toEqual({
      total: 4,
      byReason: { schema_mismatch: 3, too_large: 1 },
      byFeed: { api: 4 },
    });
    for (const absent of ['Ada', '08031234567', 'txt', '"raw"']) expect(text).not.toContain(absent);
  });

  it('filters, and pages without loss; counts are on the first page', async () => {
    const [first] = (await get('')).body.items;
    expect((await get(`?id=${ids[1]}`)).body.items.map((i: { id: string }) => i.id)).toEqual([ids[1]]);
    expect((await get('?reason=too_large')).body.counts.total).toBe(1);
    expect((await get(`?run=${first.run}&from=2020-01-01`)).body.counts.total).toBe(4);
    expect((await get('?to=2020-01-01')).body).toEqual({
      items: [],
      counts: { total: 0, byReason: {}, byFeed: {} },
    });
    expect((await get('?status=failed')).body.items).toEqual([]);
    const seen: string[] = [];
    let url: string | undefined = '?limit=3';
    while (url !== undefined) {
      const { body, headers } = await get(url);
      expect(body.counts === undefined).toBe(seen.length > 0);
      seen.push(...body.items.map((i: { id: string }) => i.id));
      url = /<\/v1\/quarantine(.*)>/.exec(String(headers.link ?? ''))?.[1];
    }
    expect(seen.sort()).toEqual([...ids].sort());
  });

  it('shows one by id or reference, and says where one is that is not here', async () => {
    const one = (await get(`/${ids[3]}`)).body;
    expect(one).toMatchObject({ reason: 'too_large', replayable: false });
    expect((await get(`/${one.reference.toLowerCase()}`)).body).toEqual(one);
    expect((await api.call('GET', `/v1/complaints/${one.reference}`)).body).toMatchObject({
      id: ids[3],
      state: 'quarantined',
    });
    const { body } = await api.call('POST', '/v1/complaints', { body: { text: 'No network, terrible' } });
    await routed(api.call, body.id);
    const gone = await get(`/${body.id}`);
    expect(gone).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('not in quarantine') },
    });
    expect((await get('/c-none')).status).toBe(404);
  });

  it('refuses conditions that would not do what was meant', async () => {
    for (const query of [
      '?reason=none',
      '?status=received',
      '?from=soon',
      '?cursor=x',
      '?feeed=api',
      '?limit=0',
    ])
      expect([query, (await get(query)).body.code]).toEqual([query, 'invalid']);
  });
});

describe('replay and discard', () => {
  it('need scope desk, and one condition at least', async () => {
    expect((await post('replay', { filter: { ids } }, read)).status).toBe(403);
    expect((await post('discard', { filter: { ids }, why: 'x' }, read)).status).toBe(403);
    for (const [what, body] of [
      ['replay', {}],
      ['replay', { filter: {} }],
      ['replay', { filter: { ids: [] } }],
      ['replay', { filter: { ids: Array(1_001).fill('c') } }],
      ['replay', { filter: { status: 'conflict' } }],
      ['replay', { filter: { fed: 'api' } }],
      ['replay', { filter: { feed: 'api' }, dryrun: true }],
      ['replay', { filter: { feed: 'api' }, cursor: 'x' }],
      ['discard', { filter: { feed: 'api' } }],
      ['discard', { filter: { feed: 'api' }, why: '  ' }],
      ['discard', { filter: { feed: 'api' }, why: 'x'.repeat(1_025) }],
    ] as const) {
      const { status, body: problem } = await post(what, body);
      expect([what, JSON.stringify(body).slice(0, 60), status, problem.code]).toEqual([
        what,
        JSON.stringify(body).slice(0, 60),
        400,
        'invalid',
      ]);
    }
    expect((await rest(ids)).length).toBe(4);
  });

  it('replay nothing while the service works by other settings than its file has', async () => {
    const { service } = api;
    const withFeed = async (name: string, change: object | (() => never)) => {
      const app = await buildApp({
        ...service,
        feedsNow: () => {
          if (typeof change === 'function') return change();
          const feed = service.feeds.get(name) as Feed;
          return new Map([...service.feeds, [name, { ...feed, ...change }]]);
        },
      });
      const call = caller(app, desk);
      const body = { filter: { feed: 'api', reason: 'schema_mismatch' }, dryRun: false };
      const answers = [
        await call('POST', '/v1/quarantine/replay', { body }),
        await call('POST', '/v1/quarantine/replay', { body: { ...body, dryRun: true } }),
      ];
      await app.close();
      return answers;
    };
    const [refused, dry] = await withFeed('api', { region: 'GH' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'settings_outdated' } });
    expect(refused?.body.detail).toMatch(
      /^Process \d+, started .* of feed api of then \(\w{8}\); .* \(\w{8}\)\. Start the service again/,
    );
    expect(dry).toMatchObject({ status: 200, body: { found: 3, changed: 0 } });
    const [wrong] = await withFeed('api', () => {
      throw new RedressError('config', 'yaml', 'sources.yaml:3: no such field.', 'Correct it.');
    });
    expect(wrong).toMatchObject({ status: 409, body: { code: 'settings_outdated' } });
    expect(wrong?.body.detail).toContain('sources.yaml:3');
    expect((await rest(ids)).every((i: { decided?: object }) => i.decided === undefined)).toBe(true);
  });

  it('say what they would do, and do it', async () => {
    const filter = { feed: 'api' };
    expect((await post('replay', { filter, dryRun: true })).body).toEqual({
      dryRun: true,
      found: 4,
      changed: 0,
      notReplayable: { too_large: 1 },
    });
    const { body } = await post('replay', { filter });
    expect(body).toEqual({ dryRun: false, found: 4, changed: 3, notReplayable: { too_large: 1 } });
    // The mapping was not corrected: they come back, each with who replayed it.
    const back = await until(async () => {
      const items = await rest(ids);
      const decided = items.filter((i: { decided?: object }) => i.decided);
      return decided.length === 3 && decided;
    });
    expect(back[0]).toMatchObject({ decided: { what: 'replayed', by: 'desk' }, attempts: 1 });
    expect(JSON.stringify(back)).not.toContain('operation');
  });

  it('keep a reason without personal data, on the record and in the audit', async () => {
    const why = 'sent twice by 08031234567';
    const { body } = await post('discard', { filter: { ids: [ids[0]] }, why });
    expect(body).toMatchObject({ found: 1, changed: 1 });
    const { body: one } = await get(`/${ids[0]}`);
    expect(one).toMatchObject({
      status: 'discarded',
      decided: { what: 'discarded', by: 'desk', why: 'sent twice by [PHONE]' },
    });
    const [entry] = await api.service.operations.recentAudit(1);
    expect(entry).toMatchObject({ by: 'desk', action: 'quarantine_discarded', target: `ids ${ids[0]}` });
    expect(entry?.reason).toContain('[PHONE]');
    expect((await get('')).body.counts.total).toBe(3);
    expect((await get('?status=discarded')).body.items).toMatchObject([{ id: ids[0] }]);
    expect((await api.call('GET', `/v1/complaints/${ids[0]}`)).body.state).toBe('discarded');
  });
});

describe('a conflict', () => {
  it('is shown beside the other version, and accepted as a complaint of its own', async () => {
    const first = await api.call('POST', '/v1/complaints', { body: { text: 'No network', externalId: 'z' } });
    await routed(api.call, first.body.id);
    await api.call('POST', '/v1/complaints', { body: { text: 'No internet', externalId: 'z' } });
    const { items } = (await get('?status=conflict')).body;
    expect(items).toMatchObject([
      { status: 'conflict', conflictsWith: { id: first.body.id, status: 'transformed' } },
    ]);
    const [{ id, reference }] = items;
    const done = await api.call('POST', `/v1/quarantine/${id}/accept`, { key: desk });
    expect(done).toMatchObject({ status: 200, body: { id, reference } });
    const { body } = await routed(api.call, id);
    expect(body).toMatchObject({ id, reference, text: 'No internet' });
    expect((await api.call('POST', '/v1/quarantine/c-none/accept', { key: desk })).status).toBe(404);
    expect((await api.call('POST', `/v1/quarantine/${first.body.id}/accept`, { key: desk })).status).toBe(
      404,
    );
    const ledger = await until(async () => {
      const { body } = await api.call('GET', '/v1/ledger');
      return body.verdict === 'balanced' && body;
    });
    expect(ledger.verdict).toBe('balanced');
  });
});
