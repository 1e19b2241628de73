import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { parse } from 'csv-parse';
import type { StagingRecord } from '../../src/staging/record.js';
import { createCipher } from '../../src/governance/cipher.js';
import { openFile } from '../../src/sources/call-log/open.js';
import { openDoor } from '../../src/staging/door.js';
import { stagingStore } from '../../src/staging/store.js';
import { connectStore, type Store } from '../../src/store/connect.js';
import { copiesOf, freshCollection, insertAll } from '../load/bare.js';
import { serve } from '../process/rpc.js';
import { someTexts } from '../texts.js';

const BATCH = 256;
const SAMPLES = 500;
const HEADINGS = 'ticket_id,customer_phone,complaint,opened_at,channel,city,status\n';

export type FileSize = { readonly path: string; readonly bytes: number; readonly tag: string };
export type Reading = { readonly path: string; readonly identity: 'columns' | 'content' };
export type Taken = { readonly rows: number; readonly seconds: number };

let store: Store | undefined;
const connected = (): Store => {
  if (!store) throw new Error('bench: not connected');
  return store;
};

const feedOf = (identity: Reading['identity']) => ({
  name: 'bench',
  source: 'call_log' as const,
  identity: identity === 'columns' ? { kind: identity, columns: ['ticket_id'] } : { kind: identity },
  delimiter: 'auto',
  encoding: 'auto',
  quotes: true,
  mapping: { text: ['complaint'] },
});

async function clocked(work: () => Promise<number>): Promise<Taken> {
  const begun = performance.now();
  const rows = await work();
  return { rows, seconds: (performance.now() - begun) / 1_000 };
}

async function parsed(path: string): Promise<number> {
  let rows = 0;
  for await (const _ of createReadStream(path).pipe(parse({ columns: true }))) rows += 1;
  return rows;
}

const handlers = {
  async connect({ uri, database }: { readonly uri: string; readonly database: string }) {
    store = await connectStore(uri, database);
  },
  /** Writes a call-centre export of about this size; the tag keeps its ids apart from those of other files. */
  async make({ path, bytes, tag }: FileSize): Promise<number> {
    const texts = someTexts(1_000).map((text) => `"${text.replaceAll('"', '""')}"`);
    const file = createWriteStream(path);
    file.write(HEADINGS);
    let rows = 0;
    for (let size = HEADINGS.length; size < bytes; ) {
      let block = '';
      for (let i = 0; i < 1_000 && size + block.length < bytes; i += 1, rows += 1)
        block += `${tag}-${rows},0803${1_000_000 + (rows % 8_999_999)},${texts[i]},2026-11-25 09:30,Phone,Ikeja,Open\n`;
      size += block.length;
      if (!file.write(block)) await once(file, 'drain');
    }
    file.end();
    await once(file, 'close');
    return rows;
  },
  /** Our reader alone: opened (counted, sniffed) and read to envelopes with identities. */
  read: ({ path, identity }: Reading) =>
    clocked(async () => {
      const { source } = await openFile({ path, feed: feedOf(identity) });
      let rows = 0;
      for await (const { envelopes } of source.read(BATCH)) rows += envelopes.length;
      return rows;
    }),
  parse: ({ path }: { readonly path: string }) => clocked(() => parsed(path)),
  /** Our reader and the door: sealed, staged, receipted. */
  import: ({ path, identity }: Reading) =>
    clocked(async () => {
      const cipher = createCipher({ encryption: new Map([[1, randomBytes(32)]]), hash: randomBytes(32) });
      const { source } = await openFile({ path, feed: feedOf(identity) });
      const door = openDoor(
        {
          run: `bench-${randomBytes(6).toString('hex')}`,
          feed: 'bench',
          source: 'call_log',
          lane: 'bulk',
          route: 'never',
          firstSeq: 0,
        },
        { store: stagingStore(connected()), cipher, now: () => new Date(), onReceipt: () => {} },
      );
      const underWay: Promise<unknown>[] = [];
      for await (const { envelopes, rows } of source.read(BATCH)) {
        if (underWay.length >= 2) await underWay.shift();
        underWay.push(door.accept(envelopes, rows));
      }
      await Promise.all(underWay);
      await door.close();
      return door.tally().accepted;
    }),
  /** csv-parse to its end, then as many documents as it found, as staging holds them, with the bare driver. */
  async bare({ path }: { readonly path: string }): Promise<Taken> {
    const { db } = connected();
    const samples = await db
      .collection<StagingRecord>('staging')
      .find({ feed: 'bench' })
      .limit(SAMPLES)
      .toArray();
    if (samples.length === 0) throw new Error('bench: staging is empty, nothing tells what to write');
    const read = await clocked(() => parsed(path));
    const documents = copiesOf(samples, read.rows);
    const collection = await freshCollection(db, true);
    const wrote = await clocked(async () => {
      await insertAll(collection, documents, { batch: BATCH, concurrency: 2 });
      return documents.length;
    });
    return { rows: read.rows, seconds: read.seconds + wrote.seconds };
  },
  /** Highest memory of this process so far, MiB. */
  peak: () => process.resourceUsage().maxRSS / 1_024,
  async close() {
    await store?.close();
  },
};
export type FilesHandlers = typeof handlers;

serve(handlers);
