import type { Envelope } from '../../src/complaint/envelope.js';
import type { DecideDeps } from '../../src/staging/quarantine-decide.js';
import { transformReceipt } from '../../src/transform/process.js';
import { type TestPipeline, testPipeline } from '../support/pipeline.js';

export type Feed = ReturnType<TestPipeline['transform']['feedOf']>;
export type QuarantineDesk = Awaited<ReturnType<typeof quarantineDesk>>;

export const ANGRY = 'my network is terrible and useless since monday and I am very angry';

/** A row of three cells as a file brings it. */
export const row = (id: string, at: string, text: string, feed = 'calls'): Envelope => ({
  feed,
  source: 'call_log',
  identity: { kind: 'sender', space: 'ticket', value: id },
  content: [id, at, text],
  raw: Buffer.from(`${id},${at},${text}`),
  format: { kind: 'csv', headings: ['ticket', 'opened', 'words'], delimiter: ',', encoding: 'utf-8' },
  position: { kind: 'file', of: 'calls.csv', index: Number(id.replace(/\D/g, '')) || 1, line: 2 },
});

export const idOf = ({ outcomes }: Awaited<ReturnType<TestPipeline['accept']>>, i = 0): string =>
  outcomes[i]?.id ?? '';

/** The stages with a person at them: what is in staging is worked on by the feed that it is told to have. */
export async function quarantineDesk() {
  const p = await testPipeline();
  return {
    p,
    deps: (): DecideDeps => ({
      staging: p.staging,
      operations: p.operations,
      now: () => new Date(),
      by: 'tester',
    }),
    feedWith: (text: string, format: string): Feed => ({
      ...p.transform.feedOf('calls'),
      mapping: { text: [text] },
      moments: { columns: ['opened'], format: [format], zone: 'UTC' },
    }),
    /** Works on everything that waits, in both lanes, as workers with this feed would. */
    async work(feed?: Feed): Promise<void> {
      const transform = feed ? { ...p.transform, feedOf: () => feed } : p.transform;
      for (const lane of ['live', 'bulk'] as const)
        for (const receipt of await p.staging.waitingReceipts(lane, new Date(), 1_000))
          await transformReceipt(receipt, lane, transform);
    },
    async settled(): Promise<Awaited<ReturnType<TestPipeline['ledger']>>> {
      await p.deliverAll();
      await p.countTrends();
      return p.ledger();
    },
    put: (id: string, fields: object) =>
      p.store.db.collection<{ _id: string }>('staging').updateOne({ _id: id }, { $set: fields }),
  };
}
