import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';
import { type Running, startService } from '../../src/main.js';
import { connectStore } from '../../src/store/connect.js';
import { mongodbUri, redisAddress, uniqueName } from './stores.js';

export type TestService = Running & {
  /** An API key that may do everything. */
  readonly key: string;
  /** What the service logged. */
  readonly lines: readonly string[];
  /** Stops the service and drops its database. Idempotent. */
  drop(): Promise<void>;
};

/**
 * The whole service on the stores of the test run, with a database and a queue prefix of its own, listening on a free
 * port. `overrides` are environment variables. `now` is the service's clock.
 */
export async function startTestService(
  overrides: Readonly<Record<string, string>> = {},
  options: { readonly now?: () => Date } = {},
): Promise<TestService> {
  const name = uniqueName();
  const folder = await mkdtemp(join(tmpdir(), 'redress-service-'));
  const secret = () => randomBytes(32).toString('base64');
  const lines: string[] = [];
  const config = loadConfig({
    env: {
      MONGODB_URI: mongodbUri(),
      REDIS_URL: redisAddress(),
      REDRESS_ENCRYPTION_KEYS: `1:${secret()}`,
      REDRESS_HASH_KEY: secret(),
      REDRESS_MONGODB_DATABASE: name,
      REDRESS_QUEUE_PREFIX: name,
      REDRESS_DATA_DIR: folder,
      REDRESS_HTTP_PORT: '0',
      REDRESS_MIN_FREE_MB: '0',
      REDRESS_LOG_LEVEL: 'silent',
      // What is tested through the service is not how it reads a text; the small model starts at once.
      REDRESS_MODEL: 'baseline-bayes-1',
      ...overrides,
    },
  });
  const running = await startService({ config, write: (line) => lines.push(line), ...options });
  let dropped: Promise<void> | undefined;
  const drop = async () => {
    await dropDatabase(running);
    await rm(folder, { recursive: true, force: true });
  };
  return {
    ...running,
    key: running.firstKey as string,
    lines,
    drop: () => {
      dropped ??= drop();
      return dropped;
    },
  };
}

/** After the service has stopped its work, so that nothing is written into a database that is gone. */
async function dropDatabase({ service, stop }: Running): Promise<void> {
  const database = service.store.db.databaseName;
  if (!database.startsWith('test_')) throw new Error(`not a test database: ${database}`);
  await stop();
  const store = await connectStore(mongodbUri(), database);
  await store.db.dropDatabase();
  await store.close();
}
