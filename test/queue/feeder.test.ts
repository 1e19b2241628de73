import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createFeeder } from '../../src/queue/feeder.js';
import { openQueues, type Queues } from '../../src/queue/queues.js';
import { redisAddress, uniqueName } from '../support/stores.js';

const prefix = uniqueName();
const errors: Error[] = [];
let queues: Queues;

beforeAll(() => {
  queues = openQueues({ redis: redisAddress(), prefix, onError: (_, error) => void errors.push(error) });
});
afterAll(() => queues.close());

const receipt = (n: number) => `20261125t000000-abcdefgh.${n}`;
const feederOf = (waiting: () => string[]) =>
  createFeeder({
    queues,
    staging: { waitingReceipts: async (_lane, _now, window) => waiting().slice(0, window) },
    now: () => new Date(),
    onError: (error) => void errors.push(error),
  });

/** What a Redis that was restarted has: nothing of ours. */
async function empty(): Promise<void> {
  const redis = redisAddress().startsWith('/')
    ? new Redis({ path: redisAddress() })
    : new Redis(redisAddress());
  const keys = await redis.keys(`${prefix}*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
}

describe('the feeder', () => {
  it('keeps no more than a window in Redis, and each receipt once however often it is offered', async () => {
    const many = Array.from({ length: 500 }, (_, i) => receipt(i));
    const feeder = feederOf(() => many);
    await feeder.refill('bulk');
    await feeder.refill('bulk');
    for (const r of many) feeder.hint(r, 'bulk');
    expect(await queues.waiting('transform-bulk')).toBe(64);
  });

  it('fills an emptied Redis again, and every job is worked on', async () => {
    const left = new Set(Array.from({ length: 150 }, (_, i) => receipt(1_000 + i)));
    await empty();
    expect(await queues.waiting('transform-bulk')).toBe(0);
    const feeder = feederOf(() => [...left]);
    await feeder.refill('bulk');
    await empty(); // and again, with jobs in it
    await feeder.refill('bulk');
    const worked: string[] = [];
    await new Promise<void>((resolve) => {
      queues.work('transform-bulk', async (job) => {
        worked.push(job.receipt);
        left.delete(job.receipt);
        feeder.done('bulk');
        if (left.size === 0) resolve();
      });
    });
    expect(new Set(worked).size).toBe(150);
    expect(errors).toEqual([]);
  });
});

describe('queues', () => {
  it('go on ticking after Redis was emptied without a word', async () => {
    const own = openQueues({ redis: redisAddress(), prefix: `${prefix}_tick`, onError: () => {} });
    let ticked: () => void = () => {};
    const tick = () =>
      new Promise<void>((resolve) => {
        ticked = resolve;
      });
    own.work('tick', async () => ticked());
    await own.every('tick', 1_000);
    await tick();
    await empty();
    await tick(); // the one under way, perhaps
    await tick();
    await own.close();
  });

  it('refuse a payload that the catalogue does not know', async () => {
    await expect(queues.add('deliver', 'x', { destination: '' })).rejects.toThrow();
  });

  it('take any key for a job id: colons, only digits, emoji', async () => {
    for (const key of ['slack:#a', '12345', '💥', 'a b'.repeat(100)])
      await queues.add('deliver', key, { destination: 'slack:#complaints' });
    expect(await queues.waiting('deliver')).toBe(4);
  });
});
