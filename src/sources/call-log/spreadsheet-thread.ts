import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { readSheet } from 'read-excel-file/universal';
import { csvOfSheet, type SheetCell } from './sheet-csv.js';
import type { SheetAnswer } from './spreadsheet.js';

async function answer(path: string): Promise<SheetAnswer> {
  const { buffer } = new Uint8Array(await readFile(path)); // its own memory, not a slice of Node's pool
  try {
    const rows = await readSheet<string>(buffer, { trim: false, parseNumber: (digits) => digits });
    // Its types say DateConstructor where it gives a Date.
    return { csv: Buffer.from(csvOfSheet(rows as SheetCell[][])) };
  } catch (error) {
    // Its message may quote a cell.
    return { problem: (error as Error).name.slice(0, 80) };
  }
}

parentPort?.postMessage(await answer(workerData as string));
