import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keyWith, routed, startTestApi, type TestApi } from './support.js';

let api: TestApi;
let desk: string;
const ids: string[] = [];

beforeAll(async () => {
  api = await startTestApi();
  desk = await keyWith(api, 'desk');
  for (const n of [1, 2, 3]) {
    const text = 'Your network is terrible, no signal since yesterday and nobody helps. I am very angry!';
    ids.push((await api.call('POST', '/v1/complaints', { body: { text, sourceRef: String(n) } })).body.id);
  }
  for (const id of ids) await routed(api.call, id);
});
afterAll(() => api.drop());

const patch = (id: string, body: unknown, headers = {}) =>
  api.call('PATCH', `/v1/tickets/${id}`, { body, headers, key: desk });

describe('tickets', () => {
  it('are listed by team and status, in pages', async () => {
    const all = (await api.call('GET', '/v1/tickets', { key: desk })).body.items;
    expect(all).toHaveLength(3);
    const { team } = all[0];
    const first = await api.call('GET', `/v1/tickets?team=${team}&status=open&limit=2`, { key: desk });
    const url = /<(.*)>/.exec(String(first.headers.link))?.[1] as string;
    const second = await api.call('GET', url, { key: desk });
    const seen = [...first.body.items, ...second.body.items].map((t) => t.id);
    expect(seen.sort()).toEqual([...ids].sort());
    expect(second.body.next).toBeUndefined();
    expect((await api.call('GET', '/v1/tickets?team=nobody')).body.items).toEqual([]);
  });

  it('are taken, noted and resolved under the name of the key, in history and audit', async () => {
    const id = ids[0] as string;
    const { reference } = (await api.call('GET', `/v1/tickets/${id}`)).body;
    const taken = await patch(reference.toLowerCase(), { status: 'taken', assignee: 'Ada', note: 'calling' });
    expect(taken).toMatchObject({ status: 200, body: { id, status: 'taken', assignee: 'Ada' } });
    expect(taken.body.history.at(-1)).toMatchObject({ by: 'desk', note: 'calling' });
    expect((await patch(id, { assignee: null })).body).not.toHaveProperty('assignee');
    const audit = await api.service.operations.recentAudit(10);
    expect(audit.filter((a) => a.target === id)).toMatchObject([
      { by: 'desk', action: 'ticket_changed', reason: 'assignee' },
      { by: 'desk', action: 'ticket_changed', reason: 'status, assignee, note' },
    ]);
  });

  it('refuse changes that mean nothing', async () => {
    const id = ids[1] as string;
    const answers = [
      await patch(id, {}),
      await patch(id, { status: 'closed' }),
      await patch(id, { state: 'taken' }),
      await patch(id, '{"status":'),
      await patch(id, '{"status":"taken"}', { 'content-type': 'text/plain' }),
      await patch('c000', { status: 'taken' }),
      await patch(id, { note: 'x'.repeat(20_000) }),
    ];
    expect(answers.map((a) => `${a.status} ${a.body.code}`)).toEqual([
      '400 invalid',
      '400 invalid',
      '400 invalid',
      '400 malformed',
      '415 wrong_type',
      '404 not_found',
      '413 too_large',
    ]);
    expect(answers[2]?.body.errors[0].detail).toContain('"status"');
    expect((await api.call('GET', `/v1/tickets/${id}`)).body.status).toBe('open');
    expect((await api.service.operations.recentAudit(10)).filter((a) => a.target === id)).toEqual([]);
  });

  it('and the outbox need the scope desk', async () => {
    const key = await keyWith(api, 'read', 'ingest');
    for (const url of ['/v1/tickets', `/v1/tickets/${ids[0]}`, '/v1/outbox'])
      expect((await api.call('GET', url, { key })).status).toBe(403);
    const { items } = (await api.call('GET', '/v1/outbox?limit=2', { key: desk })).body;
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({ kind: 'slack', to: expect.stringMatching(/^#/) });
  });
});
