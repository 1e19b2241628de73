import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildApp } from '../../routes/app.js';
import { startTestApi, type TestApi } from './support.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.drop());

/** Writes raw bytes to a server and gives back all it says until it hangs up. */
function talk(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let said = '';
    socket.on('data', (data) => {
      said += data;
    });
    socket.on('close', () => resolve(said));
    socket.on('error', reject);
  });
}

describe('keys', () => {
  it('come as bearer or x-api-key; without a good one 401 says how', async () => {
    const url = '/v1/alarms';
    const { call, key } = api;
    expect((await call('GET', url, { key: undefined, headers: { 'x-api-key': key } })).status).toBe(200);
    expect(
      (await call('GET', url, { key: undefined, headers: { authorization: `bearer ${key}` } })).status,
    ).toBe(200);
    const none = await call('GET', url, { key: undefined });
    expect(none).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(none.headers['www-authenticate']).toBe('Bearer realm="redress"');
    const wrong = await call('GET', url, { key: `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}` });
    expect(wrong.status).toBe(401);
    expect(wrong.text).not.toContain(key.slice(0, 12));
    for (const authorization of ['Basic YTpi', 'Bearer', `Bearer ${key} x`, key])
      expect((await call('GET', url, { key: undefined, headers: { authorization } })).status).toBe(401);
  });

  it('that fail again and again are answered 429, and a good one from the same address still works', async () => {
    const app = await buildApp(api.service);
    const ask = (key: string, remoteAddress: string) =>
      app.inject({ url: '/v1/alarms', headers: { 'x-api-key': key }, remoteAddress });
    const statuses = [];
    for (let i = 0; i < 32; i++) statuses.push((await ask('rdk_none', '10.1.1.1')).statusCode);
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(401));
    expect(statuses.slice(30)).toEqual([429, 429]);
    const limited = await ask('rdk_none', '10.1.1.1');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask('rdk_none', '10.1.1.2')).statusCode).toBe(401);
    expect((await ask(api.key, '10.1.1.1')).statusCode).toBe(200);
    await app.close();
  });
});

describe('errors', () => {
  it('are problems, whatever the cause', async () => {
    for (const [url, status, code] of [
      ['/v1/nothing', 404, 'not_found'],
      ['/', 404, 'not_found'],
      ['/v1/complaints/%zz', 400, 'malformed'],
      [`/v1/complaints/${'x'.repeat(101)}`, 400, 'malformed'],
    ] as const) {
      const answer = await api.call('GET', url);
      expect(answer.headers['content-type']).toMatch('application/problem+json');
      expect(answer).toMatchObject({ status, body: { status, code, type: `urn:redress:problem:${code}` } });
    }
    expect((await api.call('PATCH', '/v1/complaints', { body: {} })).status).toBe(404);
  });

  it('that surprise us are logged by name and told without detail', async () => {
    const seen: unknown[] = [];
    const secret = 'text of a complaint';
    const boom = async () => {
      throw Object.assign(new TypeError(secret), { code: 'E_BOOM' });
    };
    const away = async () => {
      throw Object.assign(new Error(secret), { name: 'MongoServerError' });
    };
    const app = await buildApp({
      ...api.service,
      log: (...line) => seen.push(line),
      operations: { ...api.service.operations, recentRuns: boom, openAlarms: away },
    });
    const ask = async (url: string) => app.inject({ url, headers: { 'x-api-key': api.key } });
    const internal = await ask('/v1/runs');
    expect(internal.json()).toMatchObject({ status: 500, code: 'internal' });
    expect(internal.body).toContain(String(internal.headers['x-request-id']));
    const unavailable = await ask('/v1/alarms');
    expect(unavailable.json()).toMatchObject({ status: 503, code: 'store_unavailable' });
    expect(internal.body + unavailable.body + JSON.stringify(seen)).not.toContain(secret);
    expect(seen[0]).toEqual([
      'error',
      'request_failed',
      { route: '/v1/runs', error: 'TypeError', code: 'E_BOOM' },
    ]);
    await app.close();
  });

  it('carry headers that keep a browser from doing anything with them', async () => {
    const { headers } = await api.call('GET', '/v1/nothing');
    expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('the connection', () => {
  it('ends a body that comes too slowly with 408, and nonsense with 400', async () => {
    const app = await buildApp(api.service, { requestTimeoutMs: 300 });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const head = `POST /v1/complaints HTTP/1.1\r\nHost: x\r\nx-api-key: ${api.key}\r\nContent-Type: application/json\r\n`;
    const slow = await talk(url, `${head}Content-Length: 100\r\n\r\n{"text":`);
    expect(slow).toMatch(/^HTTP\/1\.1 408 /);
    expect(slow).toContain('"code":"timed_out"');
    expect(await talk(url, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*problem\+json/s);
    const big = await talk(url, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(big).toMatch(/^HTTP\/1\.1 431 /);
    await app.close();
  });

  it('serves the same over a socket', async () => {
    const response = await fetch(`${api.url}/v1/complaints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json; charset=UTF-8' },
      body: JSON.stringify({ text: 'no network', externalId: 'socket' }),
    });
    expect(response.status).toBe(202);
    const oversized = await fetch(`${api.url}/v1/complaints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
      body: `"${'x'.repeat(1_000_000)}"`,
    });
    expect(oversized.status).toBe(413);
  });
});

describe('health', () => {
  it('is open; ready says what is wrong', async () => {
    expect(await api.call('GET', '/health/live', { key: undefined })).toMatchObject({
      status: 200,
      body: { status: 'alive' },
    });
    expect(await api.call('GET', '/health/ready', { key: undefined })).toMatchObject({
      status: 200,
      body: { status: 'ready' },
    });
    const app = await buildApp({
      ...api.service,
      closedBecause: () => 'disk_low',
      store: { ...api.service.store, ping: () => Promise.reject(new Error('away')) },
      queues: { ...api.service.queues, version: () => new Promise(() => {}) },
    });
    const answer = await app.inject('/health/ready');
    expect(answer.statusCode).toBe(503);
    expect(answer.json().errors.map((e: { parameter: string }) => e.parameter)).toEqual([
      'disk_low',
      'mongodb',
      'redis',
    ]);
    expect(answer.body).not.toContain('away');
    expect((await app.inject('/health/live')).statusCode).toBe(200);
    await app.close();
  });
});
