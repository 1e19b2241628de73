import { z } from 'zod';

const receipt = z.string().regex(/^[\w.-]{8,80}$/);

/**
 * Every queue of the product. A job is a claim by id, never the data; MongoDB knows what is due, so a lost job costs
 * time and nothing else. BullMQ's own attempts are 1 everywhere: tries are counted in MongoDB, before the work.
 */
export const QUEUES = {
  'transform-live': {
    payload: z.object({ receipt }),
    // Most hold one complaint and most of their time they wait: two at a time were fewer than came beside a bulk load.
    concurrency: 8,
    why: 'the records of one receipt that came by post, webhook or poll',
  },
  'transform-bulk': {
    payload: z.object({ receipt }),
    concurrency: 1,
    why: 'the records of one receipt of a file or back-fill',
  },
  deliver: {
    payload: z.object({ destination: z.string().min(3).max(200) }),
    concurrency: 64, // most of the time each waits for its destination's own rate
    why: 'drain one destination: its due deliveries in order, at its own rate',
  },
  tick: {
    payload: z.object({}),
    concurrency: 1,
    why: 'once a second: feed the queues, count stale hours, look for silent runs',
  },
} as const;

export type QueueName = keyof typeof QUEUES;
export type Payload<Q extends QueueName> = z.infer<(typeof QUEUES)[Q]['payload']>;

/** BullMQ options that hold for every queue (law 11): a kept job id would block its re-adding. */
export const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;
export const WORKER_OPTIONS = {
  lockDuration: 15_000,
  stalledInterval: 5_000,
  maxStalledCount: 1_000,
} as const;
