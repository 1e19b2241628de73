import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { limit } from '../src/complaint/limits.js';
import type { Service } from '../src/service.js';
import { alarms } from './alarms.js';
import { auth } from './auth.js';
import { classify } from './classify.js';
import { batch } from './complaints/batch.js';
import { list } from './complaints/list.js';
import { one } from './complaints/one.js';
import { post } from './complaints/post.js';
import { stream } from './complaints/stream.js';
import type { App } from './context.js';
import { errors } from './errors.js';
import { expectContinue } from './expect.js';
import { health } from './health.js';
import { ledger } from './ledger.js';
import { limits } from './limits.js';
import { metrics } from './metrics.js';
import { openapi } from './openapi.js';
import { outbox } from './outbox.js';
import { decideQuarantine } from './quarantine/decide.js';
import { quarantine } from './quarantine/list.js';
import { runs } from './runs.js';
import { type ServerOptions, serverOptions } from './server.js';
import { tickets } from './tickets.js';
import { trends } from './trends.js';

/** The HTTP API of a service. Does not listen; closing it ends the requests under way first. */
export async function buildApp(service: Service, options: ServerOptions = {}): Promise<FastifyInstance> {
  const app = Fastify(serverOptions(service.config, options)) as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeAllContentTypeParsers(); // each route says what it reads

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
  });
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  await app.register(rateLimit, { global: false });
  await app.register(errors, { service });
  await app.register(openapi, { service });
  await app.register(auth, { service });
  await app.register(metrics, { service });
  await app.register(limits, { service });
  await app.register(expectContinue);

  const { streamIdleMs = limit('streamIdle') * 1_000 } = options;
  const shared = { service, idleMs: streamIdleMs };
  for (const routes of [
    post,
    batch,
    stream,
    list,
    one,
    quarantine,
    decideQuarantine,
    trends,
    classify,
    ledger,
    runs,
    alarms,
    tickets,
    outbox,
    health,
  ])
    await app.register(routes, shared);
  return app as unknown as FastifyInstance;
}
