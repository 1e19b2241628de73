import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Feed } from '../src/config/feeds.js';
import type { ApiKey, Scope } from '../src/governance/keys.js';

/** A Fastify instance whose schemas are zod. */
export type App = FastifyInstance<
  Server,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How a route is reached: with a key of this scope, or by anybody. Every route says one. */
    auth?: Scope | 'open';
    /** Routes at which complaints come in: what they refuse is counted in the ledger. */
    door?: true;
  }
  interface FastifyRequest {
    /** The key of the caller; null on open routes. */
    apiKey: ApiKey | null;
    /** Where a door's complaints go; null before it is known and on other routes. */
    feed: Feed | null;
  }
}
