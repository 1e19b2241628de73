import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/paths.js';
import { startTestApi, type TestApi } from './support.js';

type Schema = {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: Schema | boolean;
};
type Operation = {
  summary?: string;
  description?: string;
  security?: object[];
  parameters?: { name: string; in: string; description?: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
};

let api: TestApi;
let operations: [string, Operation][];
let paths: Record<string, Record<string, Operation>>;
beforeAll(async () => {
  api = await startTestApi();
  const { status, body } = await api.call('GET', '/docs/json', { key: undefined });
  expect(status).toBe(200);
  paths = body.paths;
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, o]): [string, Operation] => [`${method} ${path}`, o]),
  );
});
afterAll(() => api.drop());

/** Places in a schema that have no description. */
function undescribed(schema: Schema, at: string): string[] {
  const nested = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((s) => undescribed(s, at));
  const items = schema.items ? undescribed(schema.items, `${at}[]`) : [];
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    ...(field.description ? [] : [`${at}.${name}`]),
    ...undescribed(field, `${at}.${name}`),
  ]);
  return [...nested, ...items, ...fields];
}

describe('the OpenAPI document', () => {
  it('has every route', () => {
    expect(Object.keys(paths).sort()).toEqual([
      '/health/live',
      '/health/ready',
      '/metrics',
      '/v1/alarms',
      '/v1/classify',
      '/v1/complaints',
      '/v1/complaints/batch',
      '/v1/complaints/stream',
      '/v1/complaints/{id}',
      '/v1/ledger',
      '/v1/outbox',
      '/v1/quarantine',
      '/v1/quarantine/discard',
      '/v1/quarantine/replay',
      '/v1/quarantine/{id}',
      '/v1/quarantine/{id}/accept',
      '/v1/runs',
      '/v1/tickets',
      '/v1/tickets/{id}',
      '/v1/trends',
    ]);
  });

  it('states for every route who may use it and how it fails', () => {
    for (const [name, o] of operations) {
      expect(o.summary).toBeTruthy();
      const open = name.includes('/health/');
      expect([name, o.security]).toEqual([name, open ? [] : [{ bearer: [] }, { apiKey: [] }]]);
      if (open) continue;
      for (const status of ['400', '401', '403', '429', '500', '503'])
        expect([name, Object.keys(o.responses[status]?.content ?? {})]).toEqual([
          name,
          ['application/problem+json'],
        ]);
    }
  });

  it('agrees with docs/api.md about routes and scopes', () => {
    const page = readFileSync(join(packageRoot, 'docs/api.md'), 'utf8');
    const listed = [...page.matchAll(/^\| `(\w+ \/\S+)` \| (\w+) \|/gm)].map(
      ([, route, scope]) => `${route} ${scope}`,
    );
    const served = operations.map(([name, o]) => {
      const scope = /scope `(\w+)`/.exec(o.description ?? '')?.[1] ?? 'open';
      return `${name.replace(/^\w+/, (m) => m.toUpperCase())} ${scope}`;
    });
    expect(listed.sort()).toEqual(served.sort());
  });

  it('describes every field and parameter', () => {
    const missing = operations.flatMap(([name, o]) => [
      ...(o.parameters ?? []).filter((p) => !p.description).map((p) => `${name} ${p.in} ${p.name}`),
      ...Object.values(o.requestBody?.content ?? {}).flatMap((c) => undescribed(c.schema, `${name} body`)),
      ...Object.entries(o.responses).flatMap(([status, r]) =>
        Object.values(r.content ?? {}).flatMap((c) => undescribed(c.schema, `${name} ${status}`)),
      ),
    ]);
    expect([...new Set(missing)]).toEqual([]);
  });

  it('names the content types that the doors read', () => {
    const types = (path: string) => Object.keys(paths[path]?.post?.requestBody?.content ?? {});
    expect(types('/v1/complaints')).toEqual(['application/json']);
    expect(types('/v1/complaints/batch')).toEqual(['application/json', 'application/x-ndjson']);
    expect(types('/v1/complaints/stream')).toEqual(['application/x-ndjson']);
  });

  it('is shown by a page that loads nothing from elsewhere', async () => {
    const page = await api.app.inject('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toMatch('text/html');
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    expect(page.body).not.toMatch(/src="https?:/);
    expect((await api.app.inject('/docs')).statusCode).toBe(200);
  });
});
