import { appendFileSync, createReadStream, existsSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { MessageContent } from './message.js';

export type LogEntry =
  | ({ readonly op: 'post' | 'update'; readonly channel: string; readonly ts: string } & MessageContent)
  | { readonly op: 'delete'; readonly channel: string; readonly ts: string };

/** A killed stand-in can leave half a line: it was never answered, so it never happened. */
function cutTornLine(file: string): void {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(10) + 1;
  if (end < bytes.length) truncateSync(file, end);
}

/** Hands over what an earlier stand-in wrote, oldest first. */
export async function* readLog(file: string): AsyncIterable<LogEntry> {
  if (!existsSync(file) || statSync(file).size === 0) return;
  cutTornLine(file);
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity }))
    if (line !== '') yield JSON.parse(line) as LogEntry;
}

/** Written before the call is answered, so that what a client saw as done survives a kill of the stand-in. */
export const appendLog = (file: string, entry: LogEntry): void =>
  appendFileSync(file, `${JSON.stringify(entry)}\n`);
