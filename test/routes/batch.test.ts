import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from './support.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.drop());

const batch = (body: unknown, headers: Record<string, string> = {}, query = '') =>
  api.call('POST', `/v1/complaints/batch${query}`, { body, headers });
const rawOf = async (id: string): Promise<string> => {
  const record = await api.service.staging.get(id);
  return String(api.service.cipher.open(Buffer.from(record?.raw.buffer as Uint8Array), id));
};

describe('POST /v1/complaints/batch', () => {
  it('gives each item its own outcome; a bad one stops no other', async () => {
    const body = `[ {"text": "one", "externalId":"1"},
      {"text":""}, {oops}, {"text":"one","externalId":"1"},
      {"text":"other","externalId":"1"},{"text":"five"} ]`;
    const answer = await batch(body);
    expect(answer.status).toBe(202);
    expect(answer.body.counts).toEqual({ read: 6, accepted: 2, repeated: 1, conflict: 1, refused: 2 });
    const { items } = answer.body;
    expect(items.map((i: { index: number; outcome: string }) => `${i.index} ${i.outcome}`)).toEqual([
      '0 accepted',
      '1 refused',
      '2 refused',
      '3 repeated',
      '4 conflict',
      '5 accepted',
    ]);
    expect(items[1].error).toMatchObject({ code: 'invalid', errors: [{ pointer: '#/text' }] });
    expect(items[2]).toEqual({
      index: 2,
      outcome: 'refused',
      error: { code: 'malformed', detail: expect.any(String) },
    });
    expect(items[4].reference).toBe(items[0].reference);
    expect(await rawOf(items[0].id)).toBe('{"text": "one", "externalId":"1"}');
    expect(await api.service.staging.get(items[5].id)).toMatchObject({
      lane: 'bulk',
      position: { kind: 'request', index: 6, line: 3 },
    });
  });

  it('takes NDJSON, and the same batch again with its key', async () => {
    const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': 'night-1' };
    const lines = '{"text":"a"}\r\n\n{"text":"a"}\n{"text":"c"}';
    const first = await batch(lines, headers, '?feed=form');
    expect(first.body.counts).toMatchObject({ read: 3, accepted: 3 });
    expect((await batch(lines, headers, '?feed=form')).body.counts).toMatchObject({ read: 3, repeated: 3 });
    expect(await rawOf(first.body.items[0].id)).toBe('{"text":"a"}');
  });

  it('takes a full batch, larger than one receipt', async () => {
    const items = Array.from({ length: 1_000 }, (_, i) => ({
      text: `complaint ${i}`,
      externalId: `full-${i}`,
    }));
    expect((await batch(items)).body.counts).toMatchObject({ read: 1_000, accepted: 1_000 });
    const again = (await batch(items.reverse())).body;
    expect(again.counts).toMatchObject({ repeated: 1_000 });
    expect((await batch([...items, { text: 'one more' }])).body.code).toBe('too_many');
  });

  it('refuses as a whole only what it can not cut into items', async () => {
    const text = 'x'.repeat(100);
    const answers = [
      await batch('[{"text":"a"}'),
      await batch('{"text":"a"}'),
      await batch('[]'),
      await batch(`[${`{"text":"${text}"},`.repeat(60_000)}1]`),
      await batch('text', { 'content-type': 'text/csv' }),
    ];
    expect(answers.map((a) => `${a.status} ${a.body.code}`)).toEqual([
      '400 malformed',
      '400 malformed',
      '400 invalid',
      '413 too_large',
      '415 wrong_type',
    ]);
    expect(answers[4]?.body.detail).toContain('application/json or application/x-ndjson');
    expect((await batch('[{"text":""},{}]')).body.counts).toMatchObject({ read: 2, refused: 2 });
  });

  it('leaves a ledger that adds up', async () => {
    const { body } = await api.call('GET', '/v1/ledger?since=2020-01-01');
    for (const row of body.rows) {
      expect(row.verdict).not.toBe('broken');
      expect(row.read).toBe(row.accepted + row.repeated + row.conflict + row.refused);
    }
  });
});
