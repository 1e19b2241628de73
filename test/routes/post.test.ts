import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keyWith, routed, startTestApi, type TestApi } from './support.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.drop());

const post = (body: unknown, more: { query?: string; headers?: Record<string, string> } = {}) =>
  api.call('POST', `/v1/complaints${more.query ?? ''}`, { body, headers: more.headers ?? {} });

describe('POST /v1/complaints', () => {
  it('answers 202 when the complaint is durable, and keeps its bytes exactly', async () => {
    const raw = ' {"text": "No network since morning",\r\n "customer": {"msisdn": "08031234567"}}\n';
    const { status, body, headers } = await post(raw);
    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.stringMatching(/^c[0-9a-z]{24}$/),
      reference: expect.stringMatching(/^.{5}-.{5}-.$/),
      outcome: 'accepted',
      links: { self: `/v1/complaints/${body.id}` },
    });
    expect(headers.location).toBe(`/v1/complaints/${body.id}`);
    const record = await api.service.staging.get(body.id);
    expect(record?.lane).toBe('live');
    const opened = api.service.cipher.open(Buffer.from(record?.raw.buffer as Uint8Array), body.id);
    expect(String(opened)).toBe(raw);
  });

  it('tells the same again from another thing under the same id, and counts all of them', async () => {
    const first = await post({ text: 'Billed twice', externalId: 'A-1', place: 'Ikeja' });
    const again = await post('{"place":"Ikeja","externalId":"A-1", "text":"Billed twice"}');
    expect(again).toMatchObject({ status: 202, body: { id: first.body.id, outcome: 'repeated' } });

    const other = await post({ text: 'Something else', externalId: 'A-1' });
    expect(other.status).toBe(409);
    expect(other.headers['content-type']).toMatch('application/problem+json');
    expect(other.body).toMatchObject({
      code: 'conflict',
      id: first.body.id,
      reference: first.body.reference,
    });
    const { body } = await routed(api.call, first.body.id);
    expect(body.way.conflicts).toHaveLength(1);
  });

  it('makes a repeated request safe by its Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'req-1' };
    const first = await post({ text: 'No data' }, { headers });
    const again = await post({ text: 'No data' }, { headers });
    expect([first.body.outcome, again.body.outcome]).toEqual(['accepted', 'repeated']);
    expect(again.body.id).toBe(first.body.id);
    expect((await post({ text: 'x' }, { headers: { 'idempotency-key': 'a b' } })).body).toMatchObject({
      code: 'invalid',
      errors: [{ parameter: 'idempotency-key' }],
    });
    expect((await post({ text: 'x', externalId: 'A' }, { headers: { 'idempotency-key': 'B' } })).status).toBe(
      400,
    );
  });

  it('accepts every post without an id, twenty at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => post({ text: 'Same words' })));
    expect(new Set(all.map((a) => a.body.id)).size).toBe(20);
  });

  it('puts it under the feed named, with the source of that feed', async () => {
    const { body } = await post({ text: 'Slow' }, { query: '?feed=sms' });
    expect(await api.service.staging.get(body.id)).toMatchObject({ feed: 'sms', source: 'sms' });
    const wrong = await post({ text: 'Slow' }, { query: '?feed=smss' });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'unknown_feed' } });
    expect(wrong.body.detail).toContain('Did you mean "sms"?');
    expect((await post({ text: 'a' }, { query: '?feed=sms&feed=x' })).status).toBe(400);
    expect((await post({ text: 'a' }, { query: '?fed=sms' })).body.errors[0].detail).toContain('"feed"');
  });

  it('says what is wrong, never what was sent, and counts each refusal by its reason', async () => {
    const secret = 'secret-08031234567';
    const answers = [
      await post(`{"text": "${secret}"`),
      await post(Buffer.from([0x7b, 0xff, 0x7d])),
      await post(''),
      await post({ text: '', [secret]: 1 }),
      await post({ text: secret, occurredAt: '2099-01-01T00:00:00Z' }),
      await post(secret, { headers: { 'content-type': 'text/plain' } }),
      await post({ text: secret }, { headers: { 'content-encoding': 'gzip' } }),
      await post({ text: secret }, { headers: { 'content-type': 'application/json; charset=utf-16' } }),
      await post(`{"text":"${secret}${'x'.repeat(300_000)}"}`),
    ];
    expect(answers.map((a) => `${a.status} ${a.body.code}`)).toEqual([
      '400 malformed',
      '400 malformed',
      '400 malformed',
      '400 invalid',
      '400 invalid',
      '415 wrong_type',
      '415 wrong_type',
      '415 wrong_type',
      '413 too_large',
    ]);
    for (const a of answers) {
      expect(a.text).not.toContain('secret');
      expect(a.body).toMatchObject({ type: `urn:redress:problem:${a.body.code}`, status: a.status });
    }
    expect(answers[5]?.body.detail).toContain('application/json');
    expect(answers[8]?.body.detail).toContain('262144');

    const { text } = await api.call('GET', '/metrics');
    expect(text).toMatch(/redress_complaints_total\{feed="api",outcome="refused"\} \d+/);
    await post({ text: 'the receipt that carries the counts' });
    const rows = (await api.call('GET', '/v1/ledger')).body.rows.filter(
      (r: { feed: string }) => r.feed === 'api',
    );
    expect(rows[0].refused).toBeGreaterThanOrEqual(9);
    expect(rows[0].verdict).not.toBe('broken');
  });

  it('asks for a key of scope ingest before it reads anything', async () => {
    const key = await keyWith(api, 'read');
    const huge = 'x'.repeat(1_000_000);
    expect((await api.call('POST', '/v1/complaints', { body: huge, key: undefined })).status).toBe(401);
    expect((await api.call('POST', '/v1/complaints', { body: huge, key })).body).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('`ingest`'),
    });
    const ingest = await keyWith(api, 'ingest');
    expect((await api.call('POST', '/v1/complaints', { body: { text: 'a' }, key: ingest })).status).toBe(202);
  });
});

describe('a door that is closed or whose store fails', () => {
  it('says 503 and when to try again, and nothing about why inside', async () => {
    for (const reason of ['disk_low', 'stopping'] as const) {
      const closed = await startTestApi({}, { closedBecause: () => reason });
      const answer = await closed.call('POST', '/v1/complaints', { body: { text: 'a' } });
      expect(answer).toMatchObject({ status: 503, body: { code: reason } });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect((await closed.call('GET', '/v1/complaints')).status).toBe(200);
      await closed.drop();
    }
    const refuse = async () => {};
    const accept = async () => {
      throw new Error('connection to 10.0.0.7 closed');
    };
    const broken = await startTestApi({}, { doors: { accept, refuse, close: refuse } });
    for (const [url, body] of [
      ['/v1/complaints', { text: 'a' }],
      ['/v1/complaints/batch', [{ text: 'a' }]],
    ] as const) {
      const answer = await broken.call('POST', url, { body });
      expect(answer).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
      expect(answer.headers['retry-after']).toBe('5');
      expect(answer.text).not.toContain('10.0.0.7');
    }
    await broken.drop();
  });
});
