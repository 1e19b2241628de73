import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Service } from '../src/service.js';
import { Allowance } from './allowance.js';
import type { App } from './context.js';
import { ProblemError } from './problem.js';

const seconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1_000)));
const limited = (what: string, ms: number): ProblemError =>
  new ProblemError(
    'rate_limited',
    `This API key has used up its ${what} of a minute. Try again in ${seconds(ms)} s, or ask the operator for a higher limit.`,
    { headers: { 'retry-after': seconds(ms) } },
  );

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts complaints of a request against its key, before anything is done with them; 429 if it has none left. */
    takeItems(request: FastifyRequest, n: number): void;
    /** The same for what is taken in any case; gives back how long the sender must then wait, ms. */
    oweItems(request: FastifyRequest, n: number): number;
  }
}

/**
 * Requests and complaints a minute of each API key, counted in this process. Registered after `auth`: what has no valid
 * key is limited there, by address.
 */
export const limits = fp<{ service: Service }>(async (app, { service }) => {
  const { requestsPerMinute, itemsPerMinute } = service.config.limits;
  const allowances = { requests: new Map<string, Allowance>(), items: new Map<string, Allowance>() };
  const perMinute = { requests: requestsPerMinute, items: itemsPerMinute };

  /** Undefined without a limit. Keys are few: each was made by an operator. */
  function allowanceOf(what: 'requests' | 'items', key: string): Allowance | undefined {
    if (perMinute[what] === 0) return undefined;
    let found = allowances[what].get(key);
    if (!found) {
      found = new Allowance(perMinute[what], service.now());
      allowances[what].set(key, found);
    }
    return found;
  }

  function take(what: 'requests' | 'items', request: FastifyRequest, n: number): void {
    const key = request.apiKey?._id;
    if (key === undefined) return; // an open route
    const wait = allowanceOf(what, key)?.take(n, service.now()) ?? 0;
    app.metrics.key(key, what, wait === 0 ? 'passed' : 'limited', n);
    if (wait > 0) throw limited(what === 'items' ? 'complaints' : 'requests', wait);
  }

  (app as App).addHook('onRequest', async (request) => take('requests', request, 1));
  app.decorate('takeItems', (request, n) => take('items', request, n));
  app.decorate('oweItems', (request, n) => {
    const key = request.apiKey?._id;
    if (key === undefined) return 0;
    app.metrics.key(key, 'items', 'passed', n);
    return allowanceOf('items', key)?.owe(n, service.now()) ?? 0;
  });
});
