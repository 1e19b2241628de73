import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../routes/app.js';
import { PROBLEMS } from '../../routes/problem.js';
import type { RefusalReason } from '../../src/complaint/reasons.js';
import { HOSTILE, TAKEN } from './hostile-bodies.js';
import { startTestApi, type TestApi, until } from './support.js';

/** Every door that complaints are posted at: how a piece becomes a body, and a feed of its own to count by. */
const DOORS = [
  { name: 'single', path: '/v1/complaints', type: 'application/json', feed: 'api', body: (b: Buffer) => b },
  {
    name: 'batch',
    path: '/v1/complaints/batch',
    type: 'application/json',
    feed: 'form',
    body: (b: Buffer) => Buffer.concat([Buffer.from('['), b, Buffer.from(']')]),
  },
  {
    name: 'batch of lines',
    path: '/v1/complaints/batch',
    type: 'application/x-ndjson',
    feed: 'sms',
    body: (b: Buffer) => b,
  },
  {
    name: 'stream',
    path: '/v1/complaints/stream',
    type: 'application/x-ndjson',
    feed: 'x',
    body: (b: Buffer) => b,
  },
] as const;
type Door = (typeof DOORS)[number];

let api: TestApi;
let quick: FastifyInstance;
let url: string;
beforeAll(async () => {
  api = await startTestApi();
  // The same service behind a server that waits for nobody.
  quick = await buildApp(api.service, { requestTimeoutMs: 400, streamIdleMs: 400 });
  url = await quick.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await quick.close();
  await api.drop();
});

const staging = () => api.service.store.db.collection('staging');

/** What a door said of one piece: the status, and of a piece that was refused alone its code. */
async function send(door: Door, body: Buffer, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}${door.path}?feed=${door.feed}`, {
    method: 'POST',
    headers: { 'x-api-key': api.key, 'content-type': door.type, ...headers },
    body: new Uint8Array(body),
  });
  const text = await answer.text();
  const said = JSON.parse(text.split('\n')[0] as string);
  const one = said.items?.[0] ?? said;
  return {
    status: answer.status,
    code: one.code ?? one.error?.code,
    detail: one.detail ?? one.error?.detail,
    text,
  };
}

/** Refusals of a feed by reason, in its receipts. They are written with the next record that comes the same way. */
async function refusedBy({ feed }: Door): Promise<Partial<Record<RefusalReason, number>>> {
  const receipts = await api.service.store.db.collection('receipts').find({ feed }).toArray();
  const sums: Partial<Record<string, number>> = {};
  for (const { refusedBy = {} } of receipts)
    for (const [reason, n] of Object.entries(refusedBy as Record<string, number>))
      sums[reason] = (sums[reason] ?? 0) + n;
  return sums;
}

/** What a door's feed has in the database, after one more good record that came the same way. */
async function withOneMore(door: Door) {
  expect((await send(door, door.body(Buffer.from('{"text":"a good one"}')))).code).toBeUndefined();
  // The receipt is closed beside the answer.
  const open = () => api.service.store.db.collection('receipts').countDocuments({ state: 'open' });
  await until(async () => (await open()) === 0);
  return { stored: await staging().countDocuments({ feed: door.feed }), refused: await refusedBy(door) };
}
const known = new Map<string, Awaited<ReturnType<typeof withOneMore>>>();

/** Lets a door have something hostile; then nothing but one good record may be there, and one refusal counted. */
async function refuses(door: Door, reason: RefusalReason, attack: () => Promise<unknown>): Promise<void> {
  const before = known.get(door.name) ?? (await withOneMore(door));
  await attack();
  const after = await withOneMore(door);
  known.set(door.name, after);
  expect(after.stored).toBe(before.stored + 1);
  expect(after.refused).toEqual({ ...before.refused, [reason]: (before.refused[reason] ?? 0) + 1 });
}

describe.each(DOORS)('the $name door', (door) => {
  it('refuses every hostile piece with the right 4xx and what to do, counts it, stores nothing', async () => {
    for (const [what, item, reason] of HOSTILE)
      await refuses(door, reason, async () => {
        const body = door.body(Buffer.isBuffer(item) ? item : Buffer.from(item));
        const { status, code, detail, text } = await send(door, body);
        expect([what, code]).toEqual([what, reason]);
        // Refused alone among others, or as a whole.
        const whole = status >= 400;
        expect([what, status]).toEqual([
          what,
          whole ? PROBLEMS[reason].status : door.name === 'stream' ? 200 : 202,
        ]);
        if (door.name === 'single') expect(whole).toBe(true);
        expect(detail.length).toBeGreaterThan(10);
        expect(text.length).toBeLessThan(5_000);
      });
  }, 240_000);

  it('refuses what is empty, of another type, or packed', async () => {
    const status = (reason: RefusalReason, body: string | Buffer, headers: Record<string, string> = {}) =>
      refuses(door, reason, async () => {
        const answer = await send(door, Buffer.isBuffer(body) ? body : Buffer.from(body), headers);
        expect([headers, answer.code, answer.status]).toEqual([headers, reason, PROBLEMS[reason].status]);
      });
    const nothing = door.type === 'application/json' ? 'malformed' : 'invalid';
    for (const body of ['', ' ', '\r\n\t ']) await status(nothing, body);
    const good = '{"text":"a"}';
    for (const type of [
      'text/plain',
      'text/csv',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'nonsense',
    ])
      await status('wrong_type', good, { 'content-type': type });
    for (const charset of ['utf-16', 'latin1', '"windows-1252"'])
      await status('wrong_type', good, { 'content-type': `${door.type}; charset=${charset}` });
    for (const coding of ['br', 'deflate', 'gzip, gzip', 'nonsense'])
      await status('wrong_type', good, { 'content-encoding': coding });
    const gzip = { 'content-encoding': 'gzip' };
    const packed = door.name === 'stream' ? 'malformed' : 'wrong_type';
    for (const garbage of [
      good,
      gzipSync(good).subarray(0, 20),
      Buffer.concat([gzipSync(''), Buffer.from(good)]),
    ])
      await status(packed, garbage, gzip);
  });

  it('refuses a transfer that is broken', async () => {
    const head = (more: string) =>
      `POST ${door.path}?feed=${door.feed} HTTP/1.1\r\nHost: x\r\nx-api-key: ${api.key}\r\nContent-Type: ${door.type}\r\n${more}\r\n\r\n`;
    const begun = door.body(Buffer.from('{"text":"a"')).subarray(0, -1).toString();
    const cases: [string, string, RegExp][] = [
      ['chunks that are none', `${head('Transfer-Encoding: chunked')}ZZZ\r\n${begun}`, /^HTTP\/1\.1 400 /],
      [
        'a chunk longer than it says',
        `${head('Transfer-Encoding: chunked')}2\r\n${begun}`,
        /^HTTP\/1\.1 400 /,
      ],
      ['less than was announced', `${head('Content-Length: 5000')}${begun}`, /^HTTP\/1\.1 408 /],
      [
        'a body that stops coming',
        `${head('Transfer-Encoding: chunked')}5\r\n${begun.slice(0, 5)}\r\n`,
        /^HTTP\/1\.1 408 /,
      ],
      ['more than was announced', `${head('Content-Length: 5')}${begun} and more`, /^HTTP\/1\.1 400 /],
    ];
    for (const [what, bytes, expected] of cases)
      await refuses(door, 'malformed', async () => {
        expect([what, await talk(bytes)]).toEqual([what, expect.stringMatching(expected)]);
      });
    // What can't be read as HTTP at all has no feed; it is answered and stored nowhere.
    const stored = await staging().countDocuments();
    for (const length of ['-1', '1e3', '5, 6'])
      expect(await talk(`${head(`Content-Length: ${length}`)}${begun}`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await talk(`${head('Content-Length: 5\r\nTransfer-Encoding: chunked')}0\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(await staging().countDocuments()).toBe(stored);
  });

  it('takes what only looks hostile, byte for byte, and it becomes a complaint', async () => {
    for (const [what, item, text] of TAKEN) {
      const before = new Set(
        (
          await staging()
            .find({}, { projection: { _id: 1 } })
            .toArray()
        ).map((r) => String(r._id)),
      );
      known.delete(door.name);
      const { status } = await send(door, door.body(Buffer.from(item)));
      expect([what, status]).toEqual([what, door.name === 'stream' ? 200 : 202]);
      const added = (await staging().find().toArray()).filter((r) => !before.has(String(r._id)));
      expect(added).toHaveLength(1);
      const id = String(added[0]?._id);
      const record = await api.service.staging.get(id);
      const raw = api.service.cipher.open(Buffer.from(record?.raw.buffer as Uint8Array), id);
      expect(String(raw)).toBe(item);
      const answer = await until(async () => {
        const found = await api.call('GET', `/v1/complaints/${id}`);
        return found.body.state === 'received' ? undefined : found;
      });
      expect([what, answer.body.state, answer.body.text]).toEqual([what, 'transformed', text]);
    }
  });
});

it('too large is said before everything has come', async () => {
  for (const [door, size] of [
    [DOORS[0], 300_000],
    [DOORS[1], 6_000_000],
  ] as const)
    await refuses(door, 'too_large', async () => {
      const head = `POST ${door.path}?feed=${door.feed} HTTP/1.1\r\nHost: x\r\nx-api-key: ${api.key}\r\nContent-Type: ${door.type}\r\nContent-Length: ${size}\r\n\r\n`;
      expect(await talk(`${head}["`)).toMatch(/^HTTP\/1\.1 413 .*"code":"too_large"/s);
    });
});

it('nothing of it was our fault, and the ledger adds up', async () => {
  const { text } = await api.call('GET', '/metrics');
  expect(text).not.toMatch(/status="5\d\d"/);
  const served = await fetch(`${url}/metrics`, { headers: { 'x-api-key': api.key } });
  expect(await served.text()).not.toMatch(/status="5\d\d"/);
  const { body } = await api.call('GET', '/v1/ledger?since=2020-01-01');
  for (const row of body.rows) expect([row.feed, row.broken]).toEqual([row.feed, []]);
});

/** Writes raw bytes and gives back all that is said until the other side hangs up. */
function talk(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    let said = '';
    socket.on('data', (data) => {
      said += data;
    });
    socket.on('close', () => resolve(said));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
  });
}
