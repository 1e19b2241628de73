import { basename } from 'node:path';
import { openFile } from './open.js';
import type { Table } from './suggest.js';

/** A file that no feed describes yet, as its reader finds it. Throws RedressError for what can't be read as a table. */
export async function openTable(path: string): Promise<Table> {
  const feed = {
    name: 'suggest',
    source: 'call_log',
    identity: { kind: 'content' },
    delimiter: 'auto',
    encoding: 'auto',
    quotes: true,
  } as const;
  const { facts, rows } = await openFile({ path, feed });
  const { container, encoding, delimiter, headings } = facts;
  return { name: basename(path), container, encoding, delimiter, headings, rows: rows() };
}
