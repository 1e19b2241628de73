import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll } from '@jest/globals';
import type { Feed } from '../../src/config/feeds.js';
import { parseFeeds } from '../../src/config/feeds.js';
import { openFile } from '../../src/sources/call-log/open.js';
import { cellsOfRow } from '../../src/sources/csv-text.js';
import { type Harness, type Input, sourceContract } from './contract.js';

const folder = mkdtempSync(join(tmpdir(), 'redress-contract-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const feeds = parseFeeds(
  `feeds:
  content: { source: call_log, encoding: utf-8, mapping: { text: what } }
  packed: { source: call_log, encoding: auto, delimiter: auto, mapping: { text: what } }
`,
  'sources.yaml',
  { routeWithin: 1, region: 'NG', zone: 'UTC' },
);

let serial = 0;
function input(bytes: Buffer, feed: Feed): Input {
  serial += 1;
  const path = join(folder, `${serial}`);
  writeFileSync(path, bytes);
  return { open: async () => (await openFile({ path, feed })).source };
}

/** Files of this folder that are open in this process; 0 where the system does not tell. */
function held(): number {
  try {
    const open = readdirSync('/proc/self/fd').map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return ''; // closed meanwhile
      }
    });
    return open.filter((path) => path.startsWith(folder)).length;
  } catch {
    return 0;
  }
}

function csv(
  name: string,
  pack: (csv: Buffer) => Buffer,
  halves: Harness['halves'],
  unusable: Buffer[],
): Harness {
  const feed = feeds.get(name) as Feed;
  return {
    name: `CSV, feed ${name}`,
    anyOrder: true,
    of: (records) => input(pack(csvOf(records)), feed),
    halves,
    unusable: () => unusable.map((bytes, i) => ({ what: String(i), input: input(bytes, feed) })),
    word({ raw, format }) {
      if (format.kind !== 'csv') throw new Error('no row');
      const read = cellsOfRow(raw, format, format.encoding);
      return 'cells' in read ? (read.cells[0] ?? '') : read.detail;
    },
    held,
  };
}
/** Quoted, with a line break of its own in every record, and a letter of two bytes. */
const csvOf = (records: readonly string[]): Buffer =>
  Buffer.from(`what,note\n${records.map((r) => `${r},"two\nlines é"\n`).join('')}`);
const content = feeds.get('content') as Feed;
const packed = feeds.get('packed') as Feed;

sourceContract(
  csv(
    'content',
    (bytes) => bytes,
    (records) => {
      const bytes = csvOf(records);
      const at = bytes.indexOf('record 7,');
      return [
        {
          what: 'in a quoted cell',
          input: input(bytes.subarray(0, at + 'record 7,"two'.length), content),
          whole: 7,
        },
        {
          what: 'in a letter of two bytes',
          input: input(bytes.subarray(0, at + 'record 7,"two\nlines é'.length), content),
          whole: 7,
        },
      ];
    },
    [Buffer.alloc(0), Buffer.from('other,headings\n1,2\n'), Buffer.from('%PDF-1.7\n')],
  ),
);

sourceContract(
  csv(
    'packed',
    (bytes) => gzipSync(bytes),
    (records) => {
      // Little compressed, so that half of the bytes hold about half of the records.
      const whole = gzipSync(csvOf(records), { level: 0 });
      return [0.3, 0.6, 0.999].map((part) => ({
        what: `${part} of a gz file`,
        input: input(whole.subarray(0, Math.floor(whole.length * part)), packed),
        whole: 0,
      }));
    },
    [gzipSync(Buffer.alloc(0)), Buffer.from([0x1f, 0x8b, 8, 0, 0])],
  ),
);
