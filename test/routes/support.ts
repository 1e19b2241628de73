import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../routes/app.js';
import { newKey, type Scope } from '../../src/governance/keys.js';
import type { Service } from '../../src/service.js';
import { startTestService, type TestService } from '../support/service.js';

export type Answer = {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read any answer
  readonly body: any;
  readonly text: string;
};
export type Call = (
  method: 'GET' | 'POST' | 'PATCH',
  url: string,
  more?: { body?: unknown; headers?: Record<string, string>; key?: string | undefined },
) => Promise<Answer>;

/** Asks an app without a socket; a Buffer or string is sent as it is. */
export const caller =
  (app: FastifyInstance, key: string): Call =>
  async (method, url, more = {}) => {
    const { body, headers = {} } = more;
    const token = 'key' in more ? more.key : key;
    const raw = Buffer.isBuffer(body) || typeof body === 'string';
    const response = await app.inject({
      method,
      url,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: raw ? body : JSON.stringify(body) }),
    });
    const json = /json/.test(String(response.headers['content-type']));
    return {
      status: response.statusCode,
      headers: response.headers,
      text: response.body,
      body: json && response.body !== '' ? response.json() : undefined,
    };
  };

export type TestApi = TestService & { readonly call: Call; readonly app: FastifyInstance };

/** The service with an app of its own beside the listening one; `service` replaces parts of what that app sees. */
export async function startTestApi(
  overrides: Record<string, string> = {},
  service: Partial<Service> = {},
): Promise<TestApi> {
  const running = await startTestService(overrides);
  const app = await buildApp({ ...running.service, ...service });
  return {
    ...running,
    app,
    call: caller(app, running.key),
    async drop() {
      await app.close();
      await running.drop();
    },
  };
}

/** A new key of these scopes. */
export async function keyWith({ service }: TestService, ...scopes: Scope[]): Promise<string> {
  const { key, token } = newKey(scopes.join('+'), scopes, service.now());
  await service.keys.put(key);
  return token;
}

/** Asks again until the answer is there; the test's own time limit ends it. */
export async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    await sleep(25);
  }
}

/** Asks for a complaint until it is transformed and its deliveries are done. */
export const routed = (call: Call, id: string): Promise<Answer> =>
  until(async () => {
    const answer = await call('GET', `/v1/complaints/${id}`);
    const { state, way } = answer.body;
    const done = way?.deliveries.every((d: { state: string }) => d.state === 'delivered');
    return state === 'transformed' && done ? answer : undefined;
  });
