import { type Host, startHost } from '../process/rpc.js';
import type { Site } from '../site.js';
import type { Cpu, ServiceHandlers } from './host.js';

/** The product in a process of its own, on embedded engines. */
export type Service = {
  readonly host: Host<ServiceHandlers>;
  readonly url: string;
  /** API key; '' unless this was the first start of the site with the role `api`. */
  readonly key: string;
  readonly mongodbUri: string;
  readonly database: string;
  /** CPU used when the start was over. */
  readonly started: Cpu;
  /** Ordered stop of the service, then its process ends. */
  stop(): Promise<void>;
};

export async function startSiteService(site: Site, roles: string): Promise<Service> {
  const host = startHost<ServiceHandlers>(new URL('./host.js', import.meta.url), ['--expose-gc']);
  try {
    const { dataDir, configDir } = site;
    const { url, firstKey, mongodbUri, database, cpu } = await host.call('start', {
      dataDir,
      configDir,
      roles,
    });
    return {
      host,
      url,
      key: firstKey,
      mongodbUri,
      database,
      started: cpu,
      async stop() {
        try {
          await host.call('stop');
        } finally {
          await host.end();
        }
      },
    };
  } catch (error) {
    await host.end();
    throw error;
  }
}

/** Runs `use` on a service and stops it whatever happens. */
export async function withService<T>(
  site: Site,
  roles: string,
  use: (service: Service) => Promise<T>,
): Promise<T> {
  const service = await startSiteService(site, roles);
  try {
    return await use(service);
  } finally {
    await service.stop();
  }
}
