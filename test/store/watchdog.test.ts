import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { watchConnections } from '../../src/store/watchdog.js';
import { mongodbUri, uniqueName } from '../support/stores.js';

let client: MongoClient;
beforeAll(async () => {
  client = await new MongoClient(mongodbUri(), { heartbeatFrequencyMS: 60_000, maxPoolSize: 2 }).connect();
});
afterAll(() => client.close());

describe('the watchdog of the connections', () => {
  it('makes them anew when the monitor has said nothing for too long, and the same collections go on', async () => {
    let ahead = 0;
    const watchdog = watchConnections(client, { now: () => Date.now() + ahead, lookEveryMs: 10 });
    const things = client.db(uniqueName()).collection('things');
    await things.insertOne({ n: 1 });
    const renewed = once(client, 'topologyOpening');
    ahead = 26_000;
    await renewed;
    expect(await things.countDocuments()).toBe(1);
    watchdog.stop();
    await things.drop();
  });

  it('leaves connections alone that speak', async () => {
    let renewals = 0;
    client.on('topologyOpening', () => {
      renewals += 1;
    });
    const watchdog = watchConnections(client, { lookEveryMs: 5 });
    const things = client.db(uniqueName()).collection('things');
    for (let i = 0; i < 20; i++) await things.countDocuments();
    watchdog.stop();
    expect(renewals).toBe(0);
  });
});
