import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildApp } from '../../routes/app.js';
import { LIMITS } from '../../src/complaint/limits.js';
import type { Service } from '../../src/service.js';
import { sendStream, streamAll } from './stream-client.js';
import { startTestApi, type TestApi, until } from './support.js';

let api: TestApi;
let url: string;
beforeAll(async () => {
  api = await startTestApi();
  url = api.url as string;
});
afterAll(() => api.drop());

const item = (n: number | string, more: object = {}) =>
  `${JSON.stringify({ text: `complaint ${n}`, ...more })}\n`;
const items = (n: number, tag: string) =>
  Array.from({ length: n }, (_, i) => item(i, { externalId: `${tag}-${i}` })).join('');
const staging = () => api.service.store.db.collection('staging');
const receipts = () => api.service.store.db.collection('receipts');
/** An app of its own on a port of its own, whose service is changed in part. */
async function listening(service: Partial<Service>, options = {}) {
  const app = await buildApp({ ...api.service, ...service }, options);
  return { app, at: await app.listen({ host: '127.0.0.1', port: 0 }) };
}

describe('POST /v1/complaints/stream', () => {
  it('answers one line an item in order, a bad one stopping no other, and counts at the end', async () => {
    const body = `{"text":"one","externalId":"s1"}\r\n\n  {"text":""}\n{oops}\n{"text":"one","externalId":"s1"}\n{"text":"other","externalId":"s1"}\n{"text":"last"}`;
    const lines = await streamAll(url, api.key, body);
    expect(lines.map((l) => l.outcome ?? l.done)).toEqual([
      'accepted',
      'refused',
      'refused',
      'repeated',
      'conflict',
      'accepted',
      true,
    ]);
    expect(lines.slice(0, -1).map((l) => l.index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(lines[1].error).toMatchObject({ code: 'invalid', errors: [{ pointer: '#/text' }] });
    expect(lines[2].error).toMatchObject({ code: 'malformed' });
    expect(lines[4]).toMatchObject({ reference: lines[0].reference, error: { code: 'conflict' } });
    expect(lines[6]).toEqual({
      done: true,
      counts: { read: 6, accepted: 2, repeated: 1, conflict: 1, refused: 2 },
    });
    expect(await api.service.staging.get(lines[5].id)).toMatchObject({
      lane: 'bulk',
      position: { kind: 'request', index: 6, line: 7 },
    });
  });

  it('takes any number, packed or not, in receipts of at most the limit, and the same again by its key', async () => {
    const body = items(1_500, 'many').replaceAll(/,"externalId":"[^"]*"/g, '');
    const more = { headers: { 'idempotency-key': 'night', 'content-encoding': 'gzip' }, query: '?feed=form' };
    const first = await streamAll(url, api.key, gzipSync(body), more);
    expect(first.at(-1)).toMatchObject({ done: true, counts: { read: 1_500, accepted: 1_500 } });
    const again = await streamAll(url, api.key, body, { ...more, headers: { 'idempotency-key': 'night' } });
    expect(again.at(-1).counts).toMatchObject({ read: 1_500, repeated: 1_500 });
    expect(again.map((l) => l.id)).toEqual(first.map((l) => l.id));
    const sizes = await receipts()
      .find({ feed: 'form', 'counts.read': { $gt: 0 } })
      .toArray();
    expect(Math.max(...sizes.map((r) => r.counts.read))).toBeLessThanOrEqual(LIMITS.receiptItems.value);
  });

  it('says what is durable while the sender is still sending', async () => {
    const sending = sendStream(url, api.key);
    for (const n of [1, 2, 3]) {
      await sending.write(item(n));
      const said = await sending.next();
      expect(said).toMatchObject({ index: n - 1, outcome: 'accepted' });
      expect(await api.service.staging.get(said.id)).toBeTruthy();
    }
    sending.end();
    expect(await sending.rest()).toMatchObject([{ done: true, counts: { read: 3 } }]);
  });

  it('decodes whole lines: a character may come in two pieces, and a broken one spoils its line alone', async () => {
    const sending = sendStream(url, api.key);
    const line = Buffer.from(item('naïve 🙂', { externalId: 'two-pieces' }));
    const inside = line.indexOf(0xf0) + 2;
    await sending.write(line.subarray(0, inside));
    await sending.write(line.subarray(inside));
    await sending.write(Buffer.from([0x7b, 0xc3, 0x28, 0x7d, 0x0a]));
    sending.end();
    const lines = await sending.rest();
    expect(lines.map((l) => l.outcome ?? l.counts)).toMatchObject(['accepted', 'refused', { read: 2 }]);
    const record = await api.service.staging.get(lines[0].id);
    const raw = api.service.cipher.open(Buffer.from(record?.raw.buffer as Uint8Array), lines[0].id);
    expect(String(raw)).toBe(line.toString().trim());
  });

  it('refuses a line that is too long, and goes on with the next', async () => {
    const lines = await streamAll(url, api.key, `"${'x'.repeat(300_000)}"\n${item('after')}`);
    expect(lines).toMatchObject([
      { outcome: 'refused', error: { code: 'too_large' } },
      { outcome: 'accepted' },
      { done: true },
    ]);
  });

  it('never takes the last line of a stream that broke off, even if it could be read', async () => {
    const sending = sendStream(url, api.key, { query: '?feed=sms' });
    await sending.write(item('whole', { externalId: 'cut-1' }));
    expect(await sending.next()).toMatchObject({ outcome: 'accepted' });
    const [stored, refused] = [await staging().countDocuments(), await refusals('sms')];
    await sending.write(item('cut', { externalId: 'cut-2' }).trim());
    await until(async () => sending.request.writableLength === 0);
    sending.request.destroy();
    await until(async () => (await refusals('sms')) === refused + 1);
    expect(await staging().countDocuments()).toBe(stored);
    expect(
      await streamAll(url, api.key, item('cut', { externalId: 'cut-2' }), { query: '?feed=sms' }),
    ).toMatchObject([{ outcome: 'accepted' }, { done: true }]);
  });

  it('answers with a status what comes to nothing', async () => {
    const problem = async (body: string | Buffer, headers: Record<string, string> = {}) => {
      const sending = sendStream(url, api.key, { headers });
      await sending.write(body);
      sending.end();
      return sending.problem();
    };
    const gzip = { 'content-encoding': 'gzip' };
    expect(await problem(' \n\r\n')).toMatchObject({ status: 400, code: 'invalid' });
    expect(await problem('{"text":"a"}', gzip)).toMatchObject({ status: 400, code: 'malformed' });
    const bomb = gzipSync(Buffer.alloc(30_000_000, '\n'));
    expect(await problem(bomb, gzip)).toMatchObject({ status: 413, code: 'too_large' });
    expect(await problem('', { 'content-encoding': 'br' })).toMatchObject({
      status: 415,
      code: 'wrong_type',
    });
    expect(await problem('', { 'content-type': 'application/json' })).toMatchObject({ status: 415 });
  });

  it('tells in its last line that what follows could not be unpacked', async () => {
    const packed = gzipSync(items(600, 'half'));
    const lines = await streamAll(url, api.key, packed.subarray(0, -8), {
      headers: { 'content-encoding': 'gzip' },
    });
    expect(lines.at(-1)).toMatchObject({ done: false, reason: 'malformed' });
    expect(lines.length - 1).toBe(lines.at(-1).counts.read);
  });

  it('lets who asks first go on only if it may', async () => {
    const ask = async (key: string) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      const body = item('expected');
      socket.write(
        `POST /v1/complaints/stream HTTP/1.1\r\nHost: x\r\nx-api-key: ${key}\r\nContent-Type: application/x-ndjson\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
      );
      const [first] = await once(socket, 'data');
      if (String(first).startsWith('HTTP/1.1 100')) socket.write(body);
      let said = String(first);
      socket.on('data', (data) => {
        said += data;
      });
      await once(socket, 'close');
      return said;
    };
    expect(await ask(api.key)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK.*"done":true/s);
    expect(await ask('none')).toMatch(/^HTTP\/1\.1 401 /);
  });
});

/** Refused items of a feed, in receipts that are closed and in the metrics of the listening app. */
async function refusals(feed: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { 'x-api-key': api.key } })).text();
  return Number(new RegExp(`feed="${feed}",outcome="refused"\\} (\\d+)`).exec(text)?.[1] ?? 0);
}

describe('a stream and its service', () => {
  it('reads no further while batches are being written', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun = 0;
    let finished = 0;
    const { app, at } = await listening({
      doors: {
        ...api.service.doors,
        accept: async (feed, envelopes) => {
          begun += 1;
          await gate;
          finished += 1;
          return api.service.doors.accept(feed, envelopes);
        },
      },
    });
    const sending = sendStream(at, api.key);
    const piece = Buffer.from(items(10_000, 'paused'));
    let sent = 0;
    const pushing = (async () => {
      for (; sent < 40 && finished === 0; sent++) await sending.write(piece);
    })();
    // What the sender gets rid of lies in the buffers of two sockets, and no more of it is taken.
    let before = -1;
    await until(async () => {
      const still = begun === LIMITS.streamBatches.value && before === sent;
      before = sent;
      return still;
    });
    expect(begun).toBe(LIMITS.streamBatches.value);
    expect(sent).toBeLessThan(40);
    release();
    sending.request.destroy();
    await pushing;
    await app.close();
  });

  it('ends a silent sender with what it has said so far, and may be long otherwise', async () => {
    const { app, at } = await listening({}, { streamIdleMs: 300, requestTimeoutMs: 200 });
    const silent = sendStream(at, api.key);
    await silent.write(item('before the silence'));
    expect(await silent.next()).toMatchObject({ outcome: 'accepted' });
    await silent.write('{"text":"ha');
    expect(await silent.rest()).toMatchObject([
      { index: 1, outcome: 'refused', error: { code: 'malformed' } },
      { done: false, reason: 'timed_out', counts: { read: 2 } },
    ]);
    const nothing = sendStream(at, api.key);
    nothing.request.flushHeaders();
    expect(await nothing.problem()).toMatchObject({ status: 408, code: 'timed_out' });
    await app.close();
  });

  it('ends with an honest last line when the service stops, after what is in hand is written', async () => {
    const { app, at } = await listening({});
    const sending = sendStream(at, api.key);
    await sending.write(item('a') + item('b'));
    const said = [await sending.next(), await sending.next()];
    const closing = app.close();
    expect(await sending.rest()).toEqual([
      {
        done: false,
        reason: 'stopping',
        detail: expect.any(String),
        counts: expect.objectContaining({ read: 2 }),
      },
    ]);
    for (const { id } of said) expect(await api.service.staging.get(id)).toBeTruthy();
    await closing; // does not wait for a sender that never ends
  });

  it('says 503 before it reads anything if the door is closed, and in the last line if it closes meanwhile', async () => {
    let closed: 'disk_low' | undefined = 'disk_low';
    const { app, at } = await listening({ closedBecause: () => closed });
    const before = sendStream(at, api.key);
    before.request.flushHeaders();
    const problem = await before.problem();
    expect(problem).toMatchObject({ status: 503, code: 'disk_low', headers: { 'retry-after': '60' } });
    before.request.destroy();
    closed = undefined;
    const sending = sendStream(at, api.key);
    await sending.write(item('a'));
    await sending.next();
    closed = 'disk_low';
    await sending.write(item('b'));
    expect(await sending.rest()).toMatchObject([{ done: false, reason: 'disk_low', counts: { read: 1 } }]);
    await app.close();
  });

  it('says nothing of items whose writing failed', async () => {
    let works = true;
    const accept: Service['doors']['accept'] = (feed, envelopes) =>
      works
        ? api.service.doors.accept(feed, envelopes)
        : Promise.reject(new Error('connection to 10.0.0.7 closed'));
    const { app, at } = await listening({ doors: { ...api.service.doors, accept } });
    const sending = sendStream(at, api.key);
    await sending.write(item('a'));
    await sending.next();
    works = false;
    await sending.write(item('b'));
    const [last, ...more] = await sending.rest();
    expect(last).toMatchObject({ done: false, reason: 'store_unavailable', counts: { read: 1 } });
    expect(JSON.stringify(last)).not.toContain('10.0.0.7');
    expect(more).toEqual([]);
    await app.close();
  });

  it('leaves a ledger that adds up', async () => {
    const { body } = await api.call('GET', '/v1/ledger?since=2020-01-01');
    for (const row of body.rows) {
      expect(row.verdict).not.toBe('broken');
      expect(row.read).toBe(row.accepted + row.repeated + row.conflict + row.refused);
    }
  });
});
