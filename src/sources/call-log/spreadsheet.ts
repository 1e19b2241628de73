import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { limit } from '../../complaint/limits.js';
import { fileError } from './file-errors.js';
import { checkSpreadsheetSize } from './zip.js';

/** A sheet can say that it has a million rows of 16,000 columns: what is more than this ends the thread, not us. */
const HEAP_MIB = 768;
const PATIENCE_MS = 5 * 60_000;

/** What the thread says. */
export type SheetAnswer = { readonly csv: Uint8Array } | { readonly problem: string };

const tooLarge = (path: string, cause?: unknown) =>
  fileError(
    'spreadsheet_too_large',
    `${basename(path)} is too large for a spreadsheet (limit ${limit('spreadsheetBytes')} bytes, unpacked ${limit('spreadsheetUnpackedBytes')}).`,
    cause,
  );

/**
 * The first sheet of an xlsx file as CSV (UTF-8, comma): numbers as they are stored, so that ids keep their digits,
 * dates as `YYYY-MM-DD`, with a time `YYYY-MM-DDTHH:mm:ss`, times alone as `HH:mm:ss`. The only file that is read as
 * a whole, in a thread of its own.
 */
export async function openSpreadsheet(path: string, size: number): Promise<Buffer> {
  if (size > limit('spreadsheetBytes')) throw tooLarge(path);
  await checkSpreadsheetSize(path);
  const worker = new Worker(new URL('./spreadsheet-thread.js', import.meta.url), {
    workerData: path,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  });
  const late = setTimeout(() => void worker.terminate(), PATIENCE_MS);
  try {
    const answer = await new Promise<SheetAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(tooLarge(path)));
    });
    if ('csv' in answer) return Buffer.from(answer.csv);
    throw fileError(
      'spreadsheet_damaged',
      `${basename(path)} can't be read as a spreadsheet: ${answer.problem}.`,
    );
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? tooLarge(path, error)
      : error;
  } finally {
    clearTimeout(late);
    await worker.terminate();
  }
}
