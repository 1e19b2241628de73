import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, shownPath } from './config.js';
import { type Feeds, loadFeeds } from './config/feeds.js';
import { type Cipher, createCipher } from './governance/cipher.js';
import { keyStore } from './governance/store.js';
import { localSecrets } from './governance/secrets.js';
import { goldStore } from './gold/store.js';
import { createLog, type Log } from './log.js';
import { ledgerStore } from './operations/ledger/store.js';
import { operationsStore } from './operations/store.js';
import { packageVersion } from './paths.js';
import { loadRouting, type Routing } from './routing/rules.js';
import { routingStore } from './routing/store.js';
import { sinkStore } from './sinks/store.js';
import { stagingStore } from './staging/store.js';
import { connectStore, type Store } from './store/connect.js';
import { attachEngines, type EngineEvent, startEngines } from './store/embedded/index.js';
import { migrate } from './store/migrations/index.js';

/** How this process came by its stores. */
export type StoresFrom = 'configured' | 'embedded' | 'attached';

/** What every command and the service stand on: settings, stores, keys, log. */
export type Core = {
  readonly config: Config;
  readonly feeds: Feeds;
  /** As sources.yaml says now, which may have been changed since; throws RedressError for a wrong file. */
  readonly feedsNow: () => Feeds;
  readonly routing: Routing;
  readonly software: string;
  readonly now: () => Date;
  readonly log: Log;
  readonly cipher: Cipher;
  readonly store: Store;
  readonly storesFrom: StoresFrom;
  /** `redis://...` or the path of a Unix socket. */
  readonly redis: string;
  readonly staging: ReturnType<typeof stagingStore>;
  readonly gold: ReturnType<typeof goldStore>;
  readonly deliveries: ReturnType<typeof routingStore>;
  readonly sinks: ReturnType<typeof sinkStore>;
  readonly operations: ReturnType<typeof operationsStore>;
  readonly ledger: ReturnType<typeof ledgerStore>;
  readonly keys: ReturnType<typeof keyStore>;
  close(): Promise<void>;
};

export type CoreOptions = {
  readonly config: Config;
  /** A service owns its engines: another one on the same folder is an error. A command uses living ones if there are. */
  readonly owner: 'service' | 'command';
  readonly now?: () => Date;
  readonly write?: (line: string) => void;
  readonly onEngine?: (event: EngineEvent) => void;
};

type Opened = { mongodb: string; redis: string; from: StoresFrom; stop: () => Promise<void> };

async function openStores(options: CoreOptions): Promise<Opened> {
  const { data, stores } = options.config;
  if (stores.mongodbUri !== undefined && stores.redisUrl !== undefined)
    return { mongodb: stores.mongodbUri, redis: stores.redisUrl, from: 'configured', stop: async () => {} };
  const living = options.owner === 'command' ? await attachEngines(data.dir) : null;
  if (living)
    return { mongodb: living.mongodbUri, redis: living.redisPath, from: 'attached', stop: async () => {} };
  const { onEngine } = options;
  const engines = await startEngines({ dataDir: data.dir, ...(onEngine ? { onEvent: onEngine } : {}) });
  return {
    mongodb: engines.mongodbUri,
    redis: engines.redisPath,
    from: 'embedded',
    stop: () => engines.stop(),
  };
}

/** Opens the stores (starting embedded engines where none are configured or alive) and brings the data up to date. */
export async function openCore(options: CoreOptions): Promise<Core> {
  const { config, now = () => new Date() } = options;
  const log = createLog(config.log.level, now, options.write);
  // Configuration first: a wrong file must not cost the start of an engine.
  const { zone, region } = config.operator;
  const file = (name: string) => {
    const path = join(config.configDir, name);
    return { path, shown: shownPath(path, process.cwd()) };
  };
  const sources = file('sources.yaml');
  const defaults = { routeWithin: config.routing.within, region, zone };
  const feedsNow = () => loadFeeds(sources.path, defaults, sources.shown);
  const feeds = feedsNow();
  const rules = file('routing.yaml');
  const routing = loadRouting(rules.path, { shown: rules.shown, feeds: feeds.keys() });
  const opened = await openStores(options);
  try {
    const { encryption, hash } = config.keys;
    if (!encryption) mkdirSync(config.data.dir, { recursive: true });
    const cipher = createCipher(encryption && hash ? { encryption, hash } : localSecrets(config.data.dir));
    const store = await connectStore(opened.mongodb, config.stores.mongodbDatabase);
    try {
      await migrate(store);
    } catch (error) {
      await store.close();
      throw error;
    }
    return {
      config,
      feeds,
      feedsNow,
      routing,
      software: packageVersion,
      now,
      log,
      cipher,
      store,
      storesFrom: opened.from,
      redis: opened.redis,
      staging: stagingStore(store),
      gold: goldStore(store),
      deliveries: routingStore(store),
      sinks: sinkStore(store),
      operations: operationsStore(store),
      ledger: ledgerStore(store),
      keys: keyStore(store),
      async close() {
        await store.close();
        await opened.stop();
      },
    };
  } catch (error) {
    await opened.stop();
    throw error;
  }
}
