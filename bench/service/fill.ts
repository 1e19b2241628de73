import { startLoad } from '../load/load.js';
import type { Service } from './service.js';

/** Posts `n` complaints in batches and waits until all of them are transformed and delivered. */
export async function fill(service: Service, n: number): Promise<void> {
  const load = await startLoad(service);
  try {
    await load.post({ n, batch: Math.min(500, n), concurrency: 2 });
  } finally {
    await load.close();
  }
  await service.host.call('transformed');
  await service.host.call('delivered');
}
