import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Envelope } from '../../src/complaint/envelope.js';
import { type FileFeed, openFile } from '../../src/sources/call-log/open.js';

const folder = mkdtempSync(join(tmpdir(), 'redress-files-'));
let serial = 0;

/** A new file with this content. */
export function fileOf(content: string | Buffer, name = 'x.csv'): string {
  serial += 1;
  const path = join(folder, `${serial}-${name}`);
  writeFileSync(path, content);
  return path;
}

export const feedOf = (settings: Partial<FileFeed> = {}): FileFeed => ({
  name: 'f',
  source: 'call_log',
  identity: { kind: 'content' },
  delimiter: 'auto',
  encoding: 'auto',
  quotes: true,
  ...settings,
});

/** Everything that reading a file gives. */
export async function readPath(
  path: string,
  settings: Partial<FileFeed> = {},
  { size = 100, skipRows = 0 } = {},
) {
  const { source, facts, rows } = await openFile({ path, feed: feedOf(settings) });
  const envelopes: Envelope[] = [];
  const stretches: { from: number; to: number }[] = [];
  for await (const batch of source.read(size, { skipRows })) {
    envelopes.push(...batch.envelopes);
    stretches.push(batch.rows);
  }
  const cells: (readonly string[])[] = [];
  for await (const row of rows()) cells.push(row);
  const { lines } = await source.census();
  return { envelopes, stretches, cells, facts, covered: source.linesCovered(), lines };
}

export const readContent = (
  content: string | Buffer,
  settings: Partial<FileFeed> = {},
  reading: { size?: number; skipRows?: number } = {},
) => readPath(fileOf(content), settings, reading);

/** The code of what it throws. */
export const codeOf = (reading: Promise<unknown>): Promise<unknown> =>
  reading.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? error,
  );

/** Reasons of the rows that were put aside, by line. */
export const asideOf = (envelopes: readonly Envelope[]): string[] =>
  envelopes.flatMap(({ reason, position }) => (reason ? [`${position.line} ${reason.code}`] : []));
