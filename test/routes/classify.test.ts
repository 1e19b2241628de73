import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildApp } from '../../routes/app.js';
import { RedressError } from '../../src/complaint/errors.js';
import type { Inference } from '../../src/inference/port.js';
import { caller, keyWith, startTestApi, type TestApi } from './support.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.drop());

const ask = (body: unknown, query = '') => api.call('POST', `/v1/classify${query}`, { body });

describe('POST /v1/classify', () => {
  it('labels each text, in order, with its own id, and stores nothing', async () => {
    const before = await api.service.store.db.collection('staging').countDocuments();
    const items = [
      { id: 'b', text: 'You deducted my airtime, refund my money now' },
      { text: '' },
      { id: 'a', text: 'There is no network in Ikeja since morning' },
    ];
    const { status, body } = await ask({ items });
    expect(status).toBe(200);
    expect(body.items.map((i: { id?: string }) => i.id)).toEqual(['b', undefined, 'a']);
    expect(body.items[0]).toMatchObject({
      category: 'billing',
      negative: true,
      confidence: { category: expect.any(Number), negative: expect.any(Number) },
      model: expect.stringMatching(/^[\w.-]+@[0-9a-f]{12}$/),
    });
    expect(body.items[0].evidence).toBeUndefined();
    // Nobody can read an empty text: every head asks for a person.
    expect(body.items[1]).toMatchObject({ category: 'other', negative: false });
    expect(body.items[1].abstained).toHaveLength(4);
    expect(await api.service.store.db.collection('staging').countDocuments()).toBe(before);
  });

  it('says on demand which words decided, never a number that was redacted', async () => {
    const text = 'You deducted my airtime, call me on 08031234567';
    const { body } = await ask({ items: [{ text }] }, '?explain=true');
    expect(body.items[0].evidence.length).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toContain('0803');
  });

  it.each([
    [{ items: [] }],
    [{ items: Array.from({ length: 257 }, () => ({ text: 'a' })) }],
    [{ items: [{ text: 1 }] }],
    [{ items: [{ text: 'a', txt: 'b' }] }],
    [{ items: [{ text: 'x'.repeat(20_001) }] }],
    [{}],
  ])('refuses what does not fit, with 400', async (body) => {
    const answer = await ask(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
  });

  it('says which item does not fit, and in which type to send', async () => {
    const { body } = await ask({ items: [{ text: 'a' }, { text: 'b' }, { text: 3 }] });
    expect(body.errors).toEqual([expect.objectContaining({ pointer: '#/items/2/text' })]);
    const headers = { authorization: `Bearer ${api.key}`, 'content-type': 'text/plain' };
    const app = await buildApp(api.service);
    try {
      const answer = await app.inject({ method: 'POST', url: '/v1/classify', headers, payload: 'a' });
      expect(answer.statusCode).toBe(415);
      expect(answer.json().detail).toContain('application/json');
    } finally {
      await app.close();
    }
  });

  it('refuses more characters than are labelled at a time, and says what to do', async () => {
    const items = Array.from({ length: 11 }, () => ({ text: 'x '.repeat(9_500) }));
    const { status, body } = await ask({ items });
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'too_large' });
    expect(body.detail).toContain('209000');
    expect(body.detail).toContain('redress classify');
  });

  it.each([
    ['waits for others', { waiting: () => 1_024 }, 'busy', '5'],
    [
      'stops',
      {
        waiting: () => 0,
        classify: () => Promise.reject(new RedressError('inference', 'closed', 'It is closed.', 'Wait.')),
      },
      'stopping',
      undefined,
    ],
  ])('answers 503 while the model %s', async (_, model, code, retryAfter) => {
    const inference = { ...(api.service.inference as Inference), ...model } as Inference;
    const app = await buildApp({ ...api.service, inference });
    try {
      const headers = { authorization: `Bearer ${api.key}` };
      const payload = { items: [{ text: 'no network' }] };
      const answer = await app.inject({ method: 'POST', url: '/v1/classify', headers, payload });
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ code });
      expect(answer.headers['retry-after']).toBe(retryAfter);
    } finally {
      await app.close();
    }
  });

  it('needs the scope read', async () => {
    const key = await keyWith(api, 'ingest');
    const answer = await api.call('POST', '/v1/classify', { body: { items: [{ text: 'a' }] }, key });
    expect(answer.status).toBe(403);
  });

  it('says where to ask where there is no model', async () => {
    const app = await buildApp({ ...api.service, inference: undefined });
    try {
      const answer = await caller(app, api.key)('POST', '/v1/classify', { body: { items: [{ text: 'a' }] } });
      expect(answer).toMatchObject({ status: 503, body: { code: 'not_ready' } });
      expect(answer.body.detail).toContain('workers');
    } finally {
      await app.close();
    }
  });
});
