import { setTimeout as sleep } from 'node:timers/promises';
import type { Complaint } from '../../src/complaint/gold.js';
import { RedressError } from '../../src/complaint/errors.js';
import type { DeliveryRecord } from '../../src/routing/delivery.js';
import type { Ticket } from '../../src/sinks/ticket.js';
import type { StagingRecord } from '../../src/staging/record.js';
import { connectStore, type Store } from '../../src/store/connect.js';
import { attachEngines } from '../../src/store/embedded/index.js';
import { isConnectionFailure, steady } from '../../src/store/steady.js';
import type { Site } from './site.js';
import type { SlackMessage } from './slack.js';

/** What every layer has, each read from its own place. */
export type Facts = {
  readonly staging: readonly Pick<StagingRecord, '_id' | 'feed' | 'status' | 'reason' | 'detail'>[];
  readonly complaints: readonly Pick<
    Complaint,
    '_id' | 'feed' | 'negative' | 'review' | 'effective' | 'routing'
  >[];
  readonly deliveries: readonly Pick<
    DeliveryRecord,
    '_id' | 'complaint' | 'sink' | 'target' | 'state' | 'evidence' | 'attempts' | 'code'
  >[];
  readonly tickets: readonly Pick<Ticket, '_id' | 'delivery' | 'queue'>[];
  readonly messages: readonly SlackMessage[];
};

/** How far the work is. */
export type Progress = {
  readonly staged: number;
  readonly received: number;
  readonly complaints: number;
  readonly waiting: number;
  readonly delivered: number;
  readonly dead: number;
  readonly stale: number;
  /** Receipts not closed, runs of imports that neither ended nor were given up. */
  readonly open: number;
};

/** A connection to the stores of a site's service, beside it. */
export type View = {
  facts(): Promise<Facts>;
  progress(): Promise<Progress>;
  /** How often the driver did not come back by itself and was opened anew: more than 0 is worth a look. */
  reopened(): number;
  close(): Promise<void>;
};

/** An engine that was killed many times in a row is respawned after 30 s. */
const PATIENCE_MS = 45_000;
/** The driver can leave an operation unsettled for ever when its socket ended at the wrong moment. */
const ANSWER_MS = 15_000;

export async function openView(site: Site): Promise<View> {
  let store = await connect(site);
  let reopened = 0;

  /** One look, which is read only: on whatever trouble with the connection it is done again on a new one. */
  async function ask<T>(read: (store: Store) => Promise<T>): Promise<T> {
    for (const until = Date.now() + 2 * PATIENCE_MS; ; ) {
      const limit = new AbortController();
      const late = sleep(ANSWER_MS, undefined, { signal: limit.signal }).catch(() => undefined);
      const look = async () => ({ answer: await read(store) });
      try {
        const found = await Promise.race([steady(look, ANSWER_MS), late]);
        if (found) return found.answer;
        if (Date.now() > until) throw silent(site);
      } catch (error) {
        if (!isConnectionFailure(error) || Date.now() > until) throw error;
      } finally {
        limit.abort();
      }
      reopened += 1;
      await store.close().catch(() => {}); // broken already
      store = await connect(site);
    }
  }

  return {
    facts: () => ask((from) => readFacts(from, site)),
    progress: () => ask(readProgress),
    reopened: () => reopened,
    close: () => store.close(),
  };
}

async function readFacts({ db }: Store, site: Site): Promise<Facts> {
  const all = <T extends object>(name: string, ...fields: string[]) =>
    db
      .collection(name)
      .find({}, { projection: Object.fromEntries(fields.map((f) => [f, 1])) })
      .toArray() as unknown as Promise<T[]>;
  return {
    staging: await all('staging', 'feed', 'status', 'reason', 'detail'),
    complaints: await all('complaints', 'feed', 'negative', 'review', 'effective', 'routing'),
    deliveries: await all(
      'deliveries',
      'complaint',
      'sink',
      'target',
      'state',
      'evidence',
      'attempts',
      'code',
    ),
    tickets: await all('tickets', 'delivery', 'queue'),
    messages: await site.slack.messages(),
  };
}

async function readProgress({ db }: Store): Promise<Progress> {
  const count = (name: string, filter: object) => db.collection(name).countDocuments(filter);
  const [staged, received, complaints, waiting, delivered, dead, stale, receipts, runs] = await Promise.all([
    count('staging', {}),
    count('staging', { status: 'received' }),
    count('complaints', {}),
    count('deliveries', { state: { $in: ['pending', 'sending', 'unknown'] } }),
    count('deliveries', { state: 'delivered' }),
    count('deliveries', { state: 'dead' }),
    count('trends', { stale: true }),
    count('receipts', { state: 'open' }),
    count('runs', { kind: 'import', status: 'running' }),
  ]);
  return { staged, received, complaints, waiting, delivered, dead, stale, open: receipts + runs };
}

async function connect(site: Site): Promise<Store> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(250)) {
    const living = await attachEngines(site.dataDir);
    if (!living) continue;
    try {
      return await connectStore(living.mongodbUri, 'redress');
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== 'mongodb_unreachable' && !isConnectionFailure(error)) throw error;
    }
  }
  throw silent(site);
}

const silent = (site: Site): RedressError =>
  new RedressError(
    'proof',
    'no_stores',
    `The stores of the service did not answer for ${PATIENCE_MS / 1_000} s.`,
    `Logs: ${site.folder}`,
  );
