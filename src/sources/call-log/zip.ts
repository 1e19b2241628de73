import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { type Entry, openPromise } from 'yauzl';
import { limit } from '../../complaint/limits.js';
import { asZipError, fileError } from './file-errors.js';

const MOST_ENTRIES = 1_000;
const TEXT = /\.(csv|tsv|txt)$/i;
const SPREADSHEET = 'xl/workbook.xml';
/** What operating systems add by themselves. */
const CLUTTER = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)/i;

export type Zip =
  | { readonly spreadsheet: true }
  | { readonly spreadsheet: false; stream(): Promise<Readable> };

async function entriesOf(path: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      entries.push(entry);
      if (entries.length > MOST_ENTRIES)
        throw fileError('archive_contents', `${basename(path)} holds more than ${MOST_ENTRIES} files.`);
    }
  } finally {
    zip.close();
  }
  return entries;
}

/** The one CSV among the entries: the only file, or the only one that is called so. */
function csvOf(path: string, entries: readonly Entry[]): Entry {
  const files = entries.filter((e) => !e.fileName.endsWith('/') && !CLUTTER.test(e.fileName));
  const texts = files.filter((e) => TEXT.test(e.fileName));
  const [entry] = texts.length > 0 ? texts : files;
  if (!entry || texts.length > 1 || (texts.length === 0 && files.length > 1))
    throw fileError(
      'archive_contents',
      `${basename(path)} holds ${files.length} files, ${texts.length} of them CSV, instead of one CSV.`,
    );
  if (!entry.canDecodeFileData())
    throw fileError(
      'archive_contents',
      `The CSV in ${basename(path)} is ${entry.isEncrypted() ? 'encrypted' : 'packed in an unusual way'}.`,
    );
  return entry;
}

/** The list of contents of a zip file. Throws RedressError where it can't be one CSV. */
export async function openZip(path: string): Promise<Zip> {
  try {
    const entries = await entriesOf(path);
    if (entries.some((e) => e.fileName === SPREADSHEET)) return { spreadsheet: true };
    const entry = csvOf(path, entries);
    return {
      spreadsheet: false,
      async stream() {
        try {
          const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
          const stream = await zip.openReadStreamPromise(entry);
          stream.once('close', () => zip.close());
          return stream;
        } catch (error) {
          throw asZipError(path, error);
        }
      },
    };
  } catch (error) {
    throw asZipError(path, error);
  }
}

/** Unpacks everything once, keeping nothing. Throws RedressError if the sizes it states are wrong or too large. */
export async function checkSpreadsheetSize(path: string): Promise<void> {
  const most = limit('spreadsheetUnpackedBytes');
  try {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
    try {
      let total = 0;
      for await (const entry of zip.eachEntry()) {
        total += entry.uncompressedSize;
        if (total > most || zip.entryCount > MOST_ENTRIES)
          throw fileError('spreadsheet_too_large', `${basename(path)} unpacks to more than ${most} bytes.`);
        // yauzl ends the stream with an error where it is longer than the entry states.
        if (!entry.fileName.endsWith('/')) for await (const _ of await zip.openReadStreamPromise(entry));
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    throw asZipError(path, error);
  }
}
