import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { startTimeOf } from './process-identity.js';

const pid = z.int().positive();

/** What `engines.json` in the data folder says. Written only by the process that holds the data folder's lock. */
export const enginesRecord = z.object({
  version: z.literal(1),
  ownerPid: pid,
  /** See `startTimeOf`: with the pid it names exactly one process. */
  ownerStartTime: z.string().min(1).max(200),
  mongodbUri: z.string().min(1).max(2_000),
  redisPath: z.string().min(1).max(1_000),
  pids: z.object({ mongodb: pid.optional(), redis: pid.optional() }),
  startedAt: z.iso.datetime(),
});
export type EnginesRecord = z.infer<typeof enginesRecord>;

export const enginesFile = (dataDir: string) => path.join(dataDir, 'engines.json');

/** Null where there is none, or none that can be understood: a file is only a hint, the lock decides. */
export function readEnginesFile(dataDir: string): EnginesRecord | null {
  try {
    return enginesRecord.parse(JSON.parse(readFileSync(enginesFile(dataDir), 'utf8')));
  } catch {
    return null;
  }
}

/** Whether the process that wrote the record still lives. */
export const ownerLives = (record: EnginesRecord) => startTimeOf(record.ownerPid) === record.ownerStartTime;

/** The record, if its owner lives. */
export function livingOwner(dataDir: string): EnginesRecord | null {
  const record = readEnginesFile(dataDir);
  return record && ownerLives(record) ? record : null;
}

/** Atomic: a reader sees the old or the new file, never a part. */
export function writeEnginesFile(dataDir: string, record: EnginesRecord): void {
  const aside = `${enginesFile(dataDir)}.${process.pid}`;
  try {
    writeFileSync(aside, `${JSON.stringify(record, null, 2)}\n`);
    renameSync(aside, enginesFile(dataDir));
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Only while the lock is held, else it could be a successor's file. */
export function removeEnginesFile(dataDir: string): void {
  rmSync(enginesFile(dataDir), { force: true });
}
