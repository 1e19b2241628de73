import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fp from 'fastify-plugin';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { Service } from '../src/service.js';
import { problemResponse } from './problem.js';

const TAGS = [
  { name: 'complaints', description: 'Push complaints, find them, see the whole way of each.' },
  { name: 'quarantine', description: 'Records that could not be used: see why, replay or discard them.' },
  { name: 'numbers', description: 'Trends over time, the ledger, runs and alarms.' },
  { name: 'desk', description: 'The work of the teams: tickets and the outbox.' },
  { name: 'operation', description: 'Health and metrics.' },
];

/** Swagger UI needs what the API does not: its own scripts and styles. Plain http must work too. */
const PAGE_CSP = {
  'default-src': "'self'",
  'base-uri': "'self'",
  'frame-ancestors': "'none'",
  'img-src': "'self' data:",
  'object-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
};

const ALWAYS = {
  400: 'The request can not be read or does not fit the schema.',
  401: 'No API key, or none that is known.',
  403: 'The key lacks the scope.',
  429: 'The key has used up its requests or complaints of a minute, or too many authentications failed from this address.',
  500: 'A fault of ours; it is logged.',
  503: 'The database does not answer, the disk is nearly full or the service is stopping; try again later.',
};

/** Serves the OpenAPI document, made from the schemas, at /docs/json and Swagger UI at /docs. */
export const openapi = fp<{ service: Service }>(async (app, { service }) => {
  const { publicUrl } = service.config.http;

  // Before swagger's own hook: states on every route who may use it and how it can fail.
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) {
      route.config = { ...route.config, auth: 'open' };
      route.schema = { ...route.schema, hide: true };
      return;
    }
    const scope = route.config?.auth;
    if (scope === undefined || !route.schema || route.schema.security) return;
    if (scope === 'open') {
      route.schema.security = [];
      return;
    }
    const { description = '', response = {} } = route.schema;
    const problems = Object.entries(ALWAYS).map(([status, text]) => [status, problemResponse(text)]);
    route.schema = {
      ...route.schema,
      description: `${description}${description ? '\n\n' : ''}Needs a key with scope \`${scope}\` (or \`admin\`).`,
      security: [{ bearer: [] }, { apiKey: [] }],
      response: { ...Object.fromEntries(problems), ...(response as object) },
    };
  });

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Redress',
        version: service.software,
        description:
          'Complaints in, labelled and routed complaints and their numbers out. Errors are RFC 9457 problems.',
      },
      ...(publicUrl === undefined ? {} : { servers: [{ url: publicUrl }] }),
      tags: TAGS,
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'The API key, `rdk_...`.' },
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The API key, `rdk_...`.' },
        },
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: PAGE_CSP,
    uiConfig: { deepLinking: true },
  });
});
