import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { limit } from '../../complaint/limits.js';
import { asFileError, asZipError, fileError } from './file-errors.js';
import { openSpreadsheet } from './spreadsheet.js';
import { openZip } from './zip.js';

export const CONTAINERS = ['csv', 'gz', 'zip', 'xlsx'] as const;
export type ContainerKind = (typeof CONTAINERS)[number];

/** The CSV inside a file, to be read from its beginning as often as needed. */
export type Content = { readonly container: ContainerKind; bytes(): AsyncIterable<Buffer> };

const CHUNK = 256 * 1024;
const HEAD = 4_096;
/** What is unpacked before the ratio counts: little files may be very regular. */
const RATIO_FROM = 16 * 1024 * 1024;

/** First bytes of what is certainly no CSV. */
const FORMATS: readonly (readonly [magic: string, name: string])[] = [
  ['\xd0\xcf\x11\xe0', 'an old Excel file (xls)'],
  ['BZh', 'a bzip2 archive'],
  ['\xfd7zXZ', 'an xz archive'],
  ['7z\xbc\xaf', 'a 7z archive'],
  ['Rar!', 'a RAR archive'],
  ['\x28\xb5\x2f\xfd', 'a Zstandard archive'],
  ['%PDF-', 'a PDF'],
  ['PAR1', 'a Parquet file'],
  ['SQLite format 3', 'an SQLite database'],
];
const GZIP = '\x1f\x8b';
const ZIP = ['PK\x03\x04', 'PK\x05\x06'];

const foreign = (head: string): string | undefined =>
  FORMATS.find(([magic]) => head.startsWith(magic))?.[1] ??
  (head.slice(257, 262) === 'ustar' ? 'a tar archive' : undefined);

async function headOf(path: string): Promise<{ head: string; size: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return { head: buffer.toString('latin1', 0, bytesRead), size };
  } finally {
    await file.close();
  }
}

/** Chunks of a packed stream, refused when they become too many; the stream is closed with the reading. */
async function* unpacked(stream: Readable, path: string, size: number): AsyncGenerator<Buffer> {
  const name = basename(path);
  let total = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (total === 0) {
      const head = chunk.toString('latin1', 0, HEAD);
      const other =
        foreign(head) ?? ([GZIP, ...ZIP].some((m) => head.startsWith(m)) ? 'another archive' : undefined);
      if (other) throw fileError('archive_contents', `${name} contains ${other}, not a CSV.`);
    }
    total += chunk.length;
    const ratio = Math.floor(total / Math.max(1, size));
    if (total > limit('unpackedBytes') || (total > RATIO_FROM && ratio > limit('unpackRatio')))
      throw fileError(
        'archive_too_large',
        `${name} unpacks to more than ${total} bytes, ${ratio} times its size.`,
      );
    yield chunk;
  }
}

/** Hands errors of the first stream on and closes it with the second, which pipe() does not. */
function through<T extends NodeJS.ReadWriteStream & Readable>(from: Readable, to: T): T {
  from.on('error', (error) => to.destroy(error));
  to.on('close', () => from.destroy());
  return from.pipe(to);
}

async function* plain(path: string): AsyncGenerator<Buffer> {
  yield* createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>;
}

/** Errors of the file in our words, whichever way it is read. */
async function* told(
  path: string,
  bytes: () => AsyncIterable<Buffer>,
  asError = asFileError,
): AsyncGenerator<Buffer> {
  try {
    yield* bytes();
  } catch (error) {
    throw asError(path, error);
  }
}

/**
 * Finds out by its first bytes what a file is, never by its name. Throws RedressError (FILE_ERRORS); a spreadsheet is
 * read here as a whole, anything else later and in pieces.
 */
export async function openContent(path: string): Promise<Content> {
  const { head, size } = await headOf(path).catch((error: unknown) => {
    throw asFileError(path, error);
  });
  const other = foreign(head);
  if (other) throw fileError('format_unknown', `${basename(path)} is ${other}.`);
  if (head.startsWith(GZIP)) {
    const gunzip = () => through(createReadStream(path), createGunzip({ chunkSize: CHUNK }));
    return { container: 'gz', bytes: () => told(path, () => unpacked(gunzip(), path, size)) };
  }
  if (ZIP.some((magic) => head.startsWith(magic))) {
    const zip = await openZip(path);
    if (zip.spreadsheet) {
      const csv = await openSpreadsheet(path, size);
      return { container: 'xlsx', bytes: () => Readable.from([csv]) };
    }
    const { stream } = zip;
    async function* entry(): AsyncGenerator<Buffer> {
      yield* unpacked(await stream(), path, size);
    }
    return { container: 'zip', bytes: () => told(path, entry, asZipError) };
  }
  return { container: 'csv', bytes: () => told(path, () => plain(path)) };
}
