import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendStream, streamAll } from './stream-client.js';
import { keyWith, startTestApi, type TestApi } from './support.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.drop());

const item = (n: number | string, more: object = {}) =>
  `${JSON.stringify({ text: `complaint ${n}`, ...more })}\n`;
const items = (n: number, tag: string) =>
  Array.from({ length: n }, (_, i) => item(i, { externalId: `${tag}-${i}` })).join('');
describe('limits of an API key', () => {
  it('are 429 with the time to wait, for that key alone, and counted', async () => {
    const limited = await startTestApi({ REDRESS_REQUESTS_PER_MINUTE: '3', REDRESS_ITEMS_PER_MINUTE: '0' });
    const key = await keyWith(limited, 'ingest');
    const post = (k: string) => limited.call('POST', '/v1/complaints', { body: { text: 'a' }, key: k });
    expect([await post(key), await post(key), await post(key)].map((a) => a.status)).toEqual([202, 202, 202]);
    const over = await post(key);
    expect(over).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
    expect(over.body.detail).toContain('requests of a minute');
    expect((await post(limited.key)).status).toBe(202);
    const { text } = await limited.call('GET', '/metrics');
    const id = key.split('_')[1];
    expect(text).toContain(`redress_key_total{key="${id}",what="requests",answer="limited"} 1`);
    expect(text).toContain(`redress_key_total{key="${id}",what="items",answer="passed"} 3`);
    await limited.drop();
  });

  it('hold for complaints too: a batch is refused whole, a stream is slowed down', async () => {
    let ahead = 0;
    const limited = await startTestApi(
      { REDRESS_ITEMS_PER_MINUTE: '300', REDRESS_REQUESTS_PER_MINUTE: '0' },
      { now: () => new Date(Date.now() + ahead) },
    );
    const at = await limited.app.listen({ host: '127.0.0.1', port: 0 });
    const batch = (n: number) =>
      limited.call('POST', '/v1/complaints/batch', {
        body: Array.from({ length: n }, () => ({ text: 'a' })),
      });
    expect((await batch(200)).status).toBe(202);
    const over = await batch(200);
    expect(over).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(await limited.service.staging.waitingCount()).toBeLessThanOrEqual(200);
    ahead = 120_000;
    const lines = await streamAll(at, limited.key, items(305, 'slow'));
    expect(lines.at(-1)).toMatchObject({ done: true, counts: { accepted: 305 } });
    ahead = 240_000;
    expect((await batch(400)).status).toBe(202);
    const owing = sendStream(at, limited.key);
    owing.request.flushHeaders();
    expect(await owing.problem()).toMatchObject({ status: 429, code: 'rate_limited' });
    owing.request.destroy();
    await limited.drop();
  });
});
