import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { configDir } from '../../src/paths.js';
import { loadRouting } from '../../src/routing/rules.js';
import { type SlackStandIn, startSlackStandIn } from '../../stand-ins/slack/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { redisAddress } from '../support/stores.js';

const TOKEN = 'xoxb-planted';
/** Planted into every door; none of it may stand in clear anywhere behind them. */
const VALUES = {
  phone: '08035550142',
  spaced: '0803 555 0143',
  email: 'planted.person@example.com',
  card: '5399 8300 0000 0008',
  account: '0123456789',
  name: 'Zubairu',
  otp: '448291',
  handle: '@planted_handle',
  address: '17 Plantedwood Crescent',
};
const TEXT = `My network is dead, terrible! Call ${VALUES.phone} or ${VALUES.spaced}, mail ${VALUES.email}. Card ${VALUES.card} was debited, refund to account ${VALUES.account} GTB. My otp is ${VALUES.otp}. ${VALUES.handle} saw it. I live at ${VALUES.address}, Ikeja. My name is ${VALUES.name}.`;
const CUSTOMER = { msisdn: VALUES.phone, email: VALUES.email, handle: VALUES.handle };

let slack: SlackStandIn;
let service: TestService;

beforeAll(async () => {
  const { teams } = loadRouting(join(configDir, 'routing.yaml'));
  const channels = [...new Set(Object.values(teams).map((team) => team.slack))];
  slack = await startSlackStandIn({ channels, token: TOKEN, rate: 50 });
  service = await startTestService({
    SLACK_BOT_TOKEN: TOKEN,
    SLACK_API_URL: slack.url,
    REDRESS_SLACK_RATE: '50',
    REDRESS_LOG_LEVEL: 'trace',
  });
});
afterAll(async () => {
  await service?.drop();
  await slack?.close();
});

async function post(body: string, path = '/v1/complaints'): Promise<string> {
  const answer = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
    body,
  });
  return await answer.text();
}
const get = async (path: string): Promise<string> =>
  await (
    await fetch(`${service.url}${path}`, { headers: { authorization: `Bearer ${service.key}` } })
  ).text();

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(50);
}

/** Everything that is kept, but for what is sealed. */
async function stored(): Promise<string> {
  const { db } = service.service.store;
  const names = (await db.listCollections().toArray()).map((c) => c.name);
  const all = await Promise.all(names.map((name) => db.collection(name).find().toArray()));
  return JSON.stringify(all, (_, value) =>
    value?._bsontype === 'Binary' ? Buffer.from(value.buffer).toString('latin1') : value,
  );
}

async function queued(): Promise<string> {
  const redis = new Redis(redisAddress());
  try {
    const keys = await redis.keys('*');
    const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
    return [...keys, ...values.map((v) => v?.toString('latin1') ?? '')].join('\n');
  } finally {
    redis.disconnect();
  }
}

it('leaves nothing private in clear behind the doors: stores, queues, logs, Slack, tickets, answers', async () => {
  const first = JSON.parse(
    await post(
      JSON.stringify({
        text: TEXT,
        externalId: 'p1',
        customer: CUSTOMER,
        place: VALUES.address,
        channel: VALUES.phone,
      }),
    ),
  );
  const errors = [
    await post(`{"text": "${TEXT}", "externalId": `),
    await post(JSON.stringify({ text: TEXT, externalId: 7, customer: { [VALUES.email]: 1 } })),
    await post(JSON.stringify({ text: `${TEXT} again`, externalId: 'p1', customer: CUSTOMER })),
    await post(JSON.stringify({ text: TEXT, externalId: 'p2', occurredAt: '2999-01-01T00:00:00Z' })),
  ];
  const labelled = await post(JSON.stringify({ items: [{ text: TEXT }] }), '/v1/classify?explain=true');
  await until(async () => {
    const whole = JSON.parse(await get(`/v1/complaints/${first.id}`));
    const deliveries: { state: string }[] = whole.way?.deliveries ?? [];
    return deliveries.length === 2 && deliveries.every((d) => d.state === 'delivered');
  });
  const whole = await get(`/v1/complaints/${first.id}`);
  expect(JSON.parse(whole).text).toContain('[PHONE]');
  const places = {
    answers: [whole, labelled, ...errors, await get('/v1/complaints'), await get('/v1/tickets')].join('\n'),
    stores: await stored(),
    queues: await queued(),
    logs: service.lines.join('\n'),
    slack: JSON.stringify(slack.calls()) + JSON.stringify(slack.messages()),
  };
  expect(places.slack).toContain('[PHONE]');
  expect(places.logs.length).toBeGreaterThan(0);
  for (const [place, content] of Object.entries(places))
    for (const [what, value] of Object.entries(VALUES)) {
      const bare = value.replace(/^@/, '');
      expect({ place, what, there: content.toLowerCase().includes(bare.toLowerCase()) }).toEqual({
        place,
        what,
        there: false,
      });
      const digits = value.replace(/\D/g, '');
      if (digits.length > 6) expect(content.includes(digits)).toBe(false);
    }
});
