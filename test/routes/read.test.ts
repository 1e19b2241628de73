import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routed, startTestApi, type TestApi, until } from './support.js';

const ANGRY = 'Your network is terrible, no signal since yesterday and nobody helps. I am very angry!';
let api: TestApi;
const ids: string[] = [];

beforeAll(async () => {
  api = await startTestApi();
  const send = async (body: object, feed = 'api') =>
    ids.push((await api.call('POST', `/v1/complaints?feed=${feed}`, { body })).body.id);
  const today = new Date().toISOString();
  await send({ text: ANGRY, occurredAt: today, customer: { msisdn: '08031234567' }, place: 'Ikeja' });
  await send({
    text: `${ANGRY} Call me on 08031234567`,
    occurredAt: today,
    customer: { msisdn: '+2348031234567' },
  });
  await send({ text: 'Ẹ jọ̀wọ́, network yín kò ṣiṣẹ́ rárá', occurredAt: '2024-03-01T09:30:00+01:00' }, 'sms');
  for (const id of ids) await routed(api.call, id);
});
afterAll(() => api.drop());

const list = async (query: string) => (await api.call('GET', `/v1/complaints${query}`)).body;

describe('GET /v1/complaints', () => {
  it('finds by field, word and time, newest first', async () => {
    expect((await list('')).items).toHaveLength(3);
    expect((await list('?feed=sms')).items.map((i: { id: string }) => i.id)).toEqual([ids[2]]);
    expect((await list('?source=api&words=signals')).items).toHaveLength(2);
    expect((await list('?words=JOWO')).items.map((i: { id: string }) => i.id)).toEqual([ids[2]]);
    expect((await list('?from=2024-03-01&to=2024-03-02')).items).toHaveLength(1);
    // 08:30 UTC; the + of the second one is not encoded, as people write it.
    expect((await list('?to=2024-03-01T08:30:01Z&from=2024-03-01T09:30:00+01:00')).items).toHaveLength(1);
    expect((await list('?to=2024-03-01T08:30:00Z')).items).toHaveLength(0);
  });

  it('shows redacted text and one hash for one customer', async () => {
    const { items } = await list('?feed=api');
    expect(JSON.stringify(items)).not.toContain('8031234567');
    expect(items[0].customer).toBe(items[1].customer);
    expect((await list(`?customer=${items[0].customer}`)).items).toHaveLength(2);
    expect(items[0]).not.toHaveProperty('words');
  });

  it('pages without loss or repetition, by `next` and by the Link header', async () => {
    const seen: string[] = [];
    let url: string | undefined = '/v1/complaints?limit=1&from=2020-01-01';
    while (url) {
      const { body, headers } = await api.call('GET', url);
      seen.push(...body.items.map((i: { id: string }) => i.id));
      url = /<(.*)>; rel="next"/.exec(String(headers.link ?? ''))?.[1];
      expect(url === undefined).toBe(body.next === undefined);
    }
    expect(seen.sort()).toEqual([...ids].sort());
  });

  it('refuses a query that would not do what was meant', async () => {
    for (const [query, parameter] of [
      ['?categry=network', undefined],
      ['?category=networks', 'category'],
      ['?limit=0', 'limit'],
      ['?limit=201', 'limit'],
      ['?limit=ten', 'limit'],
      ['?cursor=abc', 'cursor'],
      ['?from=yesterday', 'from'],
      ['?from=2026-02-30', 'from'],
      ['?words=!!', 'words'],
      ['?negative=yes', 'negative'],
      ['?limit=1&limit=2', 'limit'],
    ] as const) {
      const { status, body } = await api.call('GET', `/v1/complaints${query}`);
      expect(`${query} ${status} ${body.code}`).toBe(`${query} 400 invalid`);
      expect(body.errors[0].parameter).toBe(parameter);
    }
    expect((await api.call('GET', '/v1/complaints?categry=x')).body.errors[0].detail).toContain('"category"');
  });
});

describe('GET /v1/complaints/:id', () => {
  it('tells the whole way, by id and by reference as typed', async () => {
    const { body } = await api.call('GET', `/v1/complaints/${ids[0]}`);
    const typed = body.reference.toLowerCase().replaceAll('-', ' ');
    expect((await api.call('GET', `/v1/complaints/${encodeURIComponent(typed)}`)).body).toEqual(body);
    expect(body.negative).toBe(true);
    expect(body.way).toMatchObject({
      position: { kind: 'request', index: 1 },
      rawHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      versions: { aligned: 1, pipeline: expect.any(Number), software: expect.any(String) },
      prediction: { modelId: expect.any(String), weightsHash: expect.any(String) },
      routing: { state: 'due', rulesVersion: expect.any(String), team: expect.any(String) },
      ticket: { id: ids[0], status: 'open' },
      conflicts: [],
    });
    expect(body.way.predictions).toHaveLength(1);
    expect(body.way.deliveries.map((d: { sink: string }) => d.sink).sort()).toEqual(['outbox', 'tickets']);
    for (const d of body.way.deliveries) expect(d.evidence.ref).toEqual(expect.any(String));
    expect(Date.parse(body.receivedAt)).not.toBeNaN();
  });

  it('says where a record is that is no complaint yet, without its text', async () => {
    const { staging } = api.service;
    const made = await api.call('POST', '/v1/complaints', { body: { text: 'wait', externalId: 'w' } });
    await routed(api.call, made.body.id);
    await api.call('POST', '/v1/complaints', { body: { text: 'not the same', externalId: 'w' } });
    const [kept] = await until(async () => {
      const found = await staging.conflictsOf(made.body.id);
      return found.length > 0 && found;
    });
    const { body, status } = await api.call('GET', `/v1/complaints/${kept?._id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'conflict', conflictsWith: made.body.id });
    expect(JSON.stringify(body)).not.toContain('not the same');
    expect(body).not.toHaveProperty('raw');
  });

  it('gives the reason of a quarantine and what to do', async () => {
    const { doors, feeds } = api.service;
    const feed = feeds.get('api');
    if (!feed) throw new Error('no feed api');
    const [outcome] = await doors.accept(feed, [
      {
        feed: 'api',
        source: 'api',
        identity: { kind: 'none' },
        content: ['x'],
        raw: Buffer.from('{"text":""}'),
        format: { kind: 'json' },
        position: { kind: 'request', of: 'test', index: 1 },
      },
    ]);
    const answer = await until(async () => {
      const { body } = await api.call('GET', `/v1/complaints/${outcome?.id}`);
      return body.state === 'quarantined' && body;
    });
    expect(answer.reason).toMatchObject({ code: 'schema_mismatch', fix: expect.stringContaining('replay') });
  });

  it('is 404 for what is not there', async () => {
    for (const id of ['c0000', '7K3M9-QX2TA-W', '..%2f..%2fetc', 'x'.repeat(64)])
      expect((await api.call('GET', `/v1/complaints/${id}`)).body.code).toBe('not_found');
    expect((await api.call('GET', `/v1/complaints/${'x'.repeat(65)}`)).status).toBe(400);
  });
});

describe('numbers', () => {
  it('counts over time, split and filtered', async () => {
    const { body } = await api.call('GET', '/v1/trends?split=source,category&negative=true');
    expect(body).toMatchObject({ by: 'day', zone: 'Africa/Lagos' });
    const sum = body.points.reduce((n: number, p: { negative: number }) => n + p.negative, 0);
    expect(sum).toBeGreaterThanOrEqual(2);
    expect(body.points[0]).toMatchObject({ source: 'api', category: expect.any(String) });
    const old = await api.call('GET', '/v1/trends?from=2024-03-01&to=2024-03-02&by=hour&source=sms');
    expect(old.body.points).toMatchObject([{ at: '2024-03-01T08:00:00.000Z', count: 1 }]);
    const day = await api.call('GET', '/v1/trends?from=2024-02-01&to=2024-04-01&zone=Asia/Tokyo');
    expect(day.body.points).toMatchObject([{ at: '2024-03-01', count: 1 }]);
  });

  it('refuses ranges that are turned round or too long, and unknown words', async () => {
    for (const query of [
      '?from=2024-03-02&to=2024-03-01',
      '?from=2024-01-01&to=2024-12-31&by=hour',
      '?from=1990-01-01',
      '?split=customer',
      '?zone=Mars/Base',
      '?zone=Afrika/Lagos',
    ])
      expect((await api.call('GET', `/v1/trends${query}`)).body.code).toBe('invalid');
  });

  it('does not repeat what was asked', async () => {
    for (const query of [
      '?zone=Mars/Base',
      '?from=Mars/Base',
      '?split=Mars/Base',
      '?by=Mars/Base',
      '?Mars/Base=1',
    ])
      expect((await api.call('GET', `/v1/trends${query}`)).text).not.toContain('Mars');
  });

  it('shows ledger, runs, alarms and metrics', async () => {
    const ledger = await until(async () => {
      const { body } = await api.call('GET', '/v1/ledger');
      return body.verdict === 'balanced' && body;
    });
    expect(ledger.trends.gold).toBeGreaterThanOrEqual(3);
    const { items } = (await api.call('GET', '/v1/runs?limit=2')).body;
    expect(items[0]).toMatchObject({ kind: 'door', status: 'running', trigger: 'api' });
    await api.service.alarms.raise('disk_low', '', '1 MiB free');
    expect((await api.call('GET', '/v1/alarms')).body.items).toMatchObject([{ cause: 'disk_low', count: 1 }]);
    const { text, headers } = await api.call('GET', '/metrics');
    expect(headers['content-type']).toMatch('text/plain');
    for (const line of [
      'redress_complaints_total{feed="sms",outcome="accepted"} 1',
      'redress_queue_waiting{queue="deliver"}',
      'redress_deliveries{state="delivered"}',
      'redress_records{status="received"}',
      'redress_http_request_duration_seconds_count{method="GET",route="/v1/complaints/:id",status="200"}',
    ])
      expect(text).toContain(line);
  });
});
