import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engines, startEngines } from '../../src/store/embedded/index.js';

export type TestGlobal = { redressTest?: { readonly engines: Engines; readonly dataDir: string } };

/**
 * The stores of the whole test run, started once: embedded engines in a temporary folder, or with
 * `npm run test:stores` those of MONGODB_URI and REDIS_URL. Each test file takes a database and a queue prefix of its
 * own, see `stores.ts`.
 */
export default async function setup(): Promise<void> {
  if (process.env.TEST_STORES === 'given') {
    const { MONGODB_URI, REDIS_URL } = process.env;
    if (!MONGODB_URI || !REDIS_URL)
      throw new Error('npm run test:stores needs MONGODB_URI and REDIS_URL: the stores to run the suite on.');
    process.env.TEST_MONGODB = MONGODB_URI;
    process.env.TEST_REDIS = REDIS_URL;
    return;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'redress-test-'));
  const engines = await startEngines({ dataDir });
  process.env.TEST_MONGODB = engines.mongodbUri;
  process.env.TEST_REDIS = engines.redisPath;
  (globalThis as TestGlobal).redressTest = { engines, dataDir };
}
