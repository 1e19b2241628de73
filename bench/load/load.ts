import { randomUUID } from 'node:crypto';
import { type Host, startHost } from '../process/rpc.js';
import type { Service } from '../service/service.js';
import type { LoadHandlers, Taken } from './host.js';
import type { HttpLoad } from './http.js';

/** Who posts, in a process of its own: its CPU time is not the service's. */
export type Load = {
  readonly host: Host<LoadHandlers>;
  /** Posts complaints that are new; throws unless exactly these many more are in staging afterwards. */
  post(load: Pick<HttpLoad, 'n' | 'batch' | 'concurrency'>): Promise<Taken>;
  close(): Promise<void>;
};

export async function startLoad(service: Service): Promise<Load> {
  const host = startHost<LoadHandlers>(new URL('./host.js', import.meta.url));
  const { url, key, mongodbUri: uri, database } = service;
  try {
    await host.call('connect', { uri, database });
  } catch (error) {
    await host.end();
    throw error;
  }
  return {
    host,
    async post(load) {
      const before = await host.call('staged');
      const taken = await host.call('http', { ...load, url, key, tag: randomUUID() });
      const staged = (await host.call('staged')) - before;
      if (staged !== load.n)
        throw new Error(`bench: ${load.n} complaints were acknowledged, ${staged} are in staging`);
      return taken;
    },
    async close() {
      try {
        await host.call('close');
      } finally {
        await host.end();
      }
    },
  };
}
