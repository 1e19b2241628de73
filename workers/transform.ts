import type { Feeder } from '../src/queue/feeder.js';
import type { Consumer, Queues } from '../src/queue/queues.js';
import type { Log } from '../src/log.js';
import { type TransformDeps, transformReceipt } from '../src/transform/process.js';

/** Works off both lanes; what has new deliveries is offered to the deliver queue at once. */
export function startTransformWorkers(deps: {
  readonly queues: Queues;
  readonly feeder: Feeder;
  readonly transform: TransformDeps;
  readonly log: Log;
}): Consumer[] {
  const { queues, feeder, log } = deps;
  return (['live', 'bulk'] as const).map((lane) =>
    queues.work(`transform-${lane}`, async ({ receipt }) => {
      const begun = Date.now();
      const { destinations, ...counts } = await transformReceipt(receipt, lane, deps.transform);
      await Promise.all(
        destinations.map((destination) => queues.add('deliver', destination, { destination })),
      );
      log('debug', 'transform_done', { receipt, lane, ms: Date.now() - begun, ...counts });
      if (counts.retried > 0 || counts.failed > 0) log('warn', 'transform_retry', { receipt, ...counts });
      if (counts.quarantined > 0)
        log('info', 'record_quarantined', { receipt, quarantined: counts.quarantined });
      feeder.done(lane);
    }),
  );
}
