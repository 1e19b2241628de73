import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { allows } from '../src/governance/keys.js';
import type { Service } from '../src/service.js';
import type { App } from './context.js';
import { ProblemError } from './problem.js';

/** Failed authentications of one address: after this many a minute the answer is 429. A valid key is never held up. */
const FAILURES = { max: 30, timeWindow: 60_000 };
const HOW = 'Send your API key as `Authorization: Bearer rdk_...` or as `x-api-key: rdk_...`.';

function tokenOf({ headers }: FastifyRequest): string | undefined {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const key = headers['x-api-key'];
  return bearer ?? (typeof key === 'string' ? key.trim() : undefined);
}

/** Asks for a key of the scope that the route names, before anything of the body is read. */
export const auth = fp<{ service: Service }>(async (app, { service }) => {
  const failed = (app as App).createRateLimit(FAILURES);
  app.decorateRequest('apiKey', null);
  app.decorateRequest('feed', null);

  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.auth === undefined)
      throw new Error(`${method} ${url} does not say who may use it (config.auth)`);
  });

  app.addHook('onRequest', async (request) => {
    const scope = request.routeOptions.config?.auth;
    if (request.is404 || scope === undefined || scope === 'open') return;
    const token = tokenOf(request);
    const key = token === undefined ? undefined : await service.keyChecker.check(token);
    if (key === undefined) {
      const { isExceeded, ttlInSeconds } = {
        isExceeded: false,
        ttlInSeconds: 60,
        ...(await failed(request)),
      };
      if (isExceeded)
        throw new ProblemError('rate_limited', `Too many requests without a valid key. ${HOW}`, {
          headers: { 'retry-after': String(ttlInSeconds) },
        });
      const challenge = `Bearer realm="redress"${token === undefined ? '' : ', error="invalid_token"'}`;
      const what = token === undefined ? 'No API key was sent.' : 'The API key is unknown or revoked.';
      throw new ProblemError('unauthenticated', `${what} ${HOW}`, {
        headers: { 'www-authenticate': challenge },
      });
    }
    if (!allows(key, scope))
      throw new ProblemError(
        'forbidden',
        `The key has no scope \`${scope}\`. Use one that has, or ask for it.`,
        {
          headers: {
            'www-authenticate': `Bearer realm="redress", error="insufficient_scope", scope="${scope}"`,
          },
        },
      );
    request.apiKey = key;
  });
});
