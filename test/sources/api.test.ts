import { describe, expect, it } from '@jest/globals';
import { envelopeOfPost, envelopesOfBatch, type PostContext } from '../../src/sources/api.js';

const NOW = new Date('2026-11-25T10:00:00Z');
const context = (more: Partial<PostContext> = {}): PostContext => ({
  feed: { name: 'api', source: 'api' },
  request: 'r1',
  idempotencyKey: undefined,
  now: NOW,
  ...more,
});
const post = (body: unknown, more?: Partial<PostContext>) =>
  envelopeOfPost(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), context(more));
const envelope = (body: unknown, more?: Partial<PostContext>) => {
  const made = post(body, more);
  if (!made.ok) throw new Error(made.refusal.detail);
  return made.envelope;
};
const refusal = (body: unknown, more?: Partial<PostContext>) => {
  const made = post(body, more);
  return made.ok ? undefined : made.refusal;
};

describe('a single post', () => {
  it('keeps the bytes and takes its identity from externalId, the key, or nothing', () => {
    const raw = ' { "text" : "no network" } ';
    expect(envelope(raw)).toMatchObject({ feed: 'api', source: 'api', identity: { kind: 'none' } });
    expect(envelope(raw).raw.toString()).toBe(raw);
    expect(envelope({ text: 'a', externalId: '007' }).identity).toEqual({
      kind: 'sender',
      space: 'externalId',
      value: '007',
    });
    expect(envelope({ text: 'a' }, { idempotencyKey: 'k' }).identity).toEqual({
      kind: 'sender',
      space: 'idempotencyKey',
      value: 'k',
    });
  });

  it('wants one identity: both may be given only if they are the same', () => {
    expect(envelope({ text: 'a', externalId: 'k' }, { idempotencyKey: 'k' }).identity).toMatchObject({
      space: 'externalId',
    });
    expect(refusal({ text: 'a', externalId: 'k' }, { idempotencyKey: 'l' })).toMatchObject({
      code: 'invalid',
      issues: [{ path: ['externalId'] }],
    });
  });

  it('says the same of the same content, however it is written', () => {
    const a = envelope('{"text":"x","customer":{"msisdn":"1","email":"e"}}');
    const b = envelope('{ "customer": {"email":"e", "msisdn":"1"},\n "text": "\\u0078" }');
    expect(b.content).toEqual(a.content);
    expect(envelope({ text: 'y' }).content).not.toEqual(a.content);
  });

  it('refuses a time more than a day ahead or before 1900, and takes any other', () => {
    const at = (occurredAt: string) => refusal({ text: 'a', occurredAt })?.issues?.[0]?.path;
    expect(at('2026-11-26T10:00:01Z')).toEqual(['occurredAt']);
    expect(at('2026-11-26T11:00:00+01:00')).toBeUndefined();
    expect(at('2015-04-08T10:00:00Z')).toBeUndefined();
    expect(at('1900-01-01T00:00:00Z')).toBeUndefined();
    expect(at('1899-12-31T23:59:59Z')).toEqual(['occurredAt']);
    expect(at('0000-01-01T00:00:00Z')).toEqual(['occurredAt']);
    expect(at('2026-11-25T10:00:00')).toEqual(['occurredAt']);
  });

  it('names each field that is wrong and nothing of what was sent', () => {
    const secret = '08031234567';
    const found = refusal({
      texte: secret,
      externalId: 8031234567,
      customer: { msisdn: '', [secret]: 'x' },
      extra: { [secret]: 5 },
    });
    expect(found?.code).toBe('invalid');
    expect(found?.issues?.map((i) => i.path.join('/')).sort()).toEqual([
      '',
      'customer',
      'customer/msisdn',
      'externalId',
      'extra/*',
      'text',
    ]);
    expect(JSON.stringify(found)).toContain('Did you mean \\"text\\"');
    expect(JSON.stringify(found)).not.toContain(secret.slice(1));
  });

  it('is safe against names that mean something to JavaScript', () => {
    expect(refusal('{"text":"a","__proto__":{"x":1}}')).toMatchObject({ code: 'invalid' });
    expect(refusal('{"text":"a","extra":{"__proto__":"x"}}')).toMatchObject({
      code: 'invalid',
      issues: [{ path: ['extra'] }],
    });
    const kept = envelope('{"text":"a","extra":{"constructor":"x","toString":"y"}}');
    expect(kept.content[0]).toBe('{"extra":{"constructor":"x","toString":"y"},"text":"a"}');
  });

  it('refuses what is no object', () => {
    for (const body of ['null', '[]', '"text"', '5', 'true'])
      expect(refusal(body)).toMatchObject({ code: 'invalid', issues: [{ path: [] }] });
  });
});

describe('a batch', () => {
  const batch = (body: string, more?: Partial<PostContext>, format: 'array' | 'lines' = 'array') =>
    envelopesOfBatch(Buffer.from(body), format, context(more));

  it('judges each item for itself', () => {
    const made = batch('[{"text":"a"}, {"text":""}, {bad}, {"text":"d","externalId":"7"}]');
    expect(made.ok && made.items.map((i) => (i.ok ? i.envelope.position.index : i.refusal.code))).toEqual([
      1,
      'invalid',
      'malformed',
      4,
    ]);
  });

  it('gives an item the identity of the key and its place, unless it has its own id', () => {
    const made = batch('{"text":"a"}\n{"text":"b","externalId":"7"}\n', { idempotencyKey: 'k' }, 'lines');
    expect(made.ok && made.items.map((i) => i.ok && i.envelope.identity)).toEqual([
      { kind: 'sender', space: 'idempotencyKey/batch', value: '0:k' },
      { kind: 'sender', space: 'externalId', value: '7' },
    ]);
    expect(made.ok && made.items.map((i) => i.ok && i.envelope.position)).toEqual([
      { kind: 'request', of: 'r1', index: 1, line: 1 },
      { kind: 'request', of: 'r1', index: 2, line: 2 },
    ]);
  });

  it('refuses one item that is too large and keeps the others', () => {
    const made = batch(`[{"text":"${'x'.repeat(300_000)}"},{"text":"a"}]`);
    expect(made.ok && made.items.map((i) => (i.ok ? 'ok' : i.refusal.code))).toEqual(['too_large', 'ok']);
    // Whatever else is wrong with it.
    const broken = Buffer.concat([Buffer.from(`{"text":"${'x'.repeat(300_000)}`), Buffer.from([0xff, 0x0a])]);
    const lines = envelopesOfBatch(broken, 'lines', context());
    expect(lines.ok && lines.items.map((i) => (i.ok ? 'ok' : i.refusal.code))).toEqual(['too_large']);
  });

  it('refuses as a whole what is empty, too many, or no array', () => {
    expect(batch('[]')).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
    expect(batch(`[${'{},'.repeat(1_000)}{}]`)).toMatchObject({ ok: false, refusal: { code: 'too_many' } });
    expect(batch('{"text":"a"}')).toMatchObject({ ok: false, refusal: { code: 'malformed' } });
    expect(batch('\n\n', {}, 'lines')).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
  });
});
