import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { RedressError } from '../../src/complaint/errors.js';
import { trainingTexts } from '../texts.js';

export type Door = { readonly url: string; readonly key: string };
export type BulkEnd = {
  readonly bytes: number;
  /** What the last line of the answer says. */
  readonly done: boolean;
  readonly counts: { readonly read: number; readonly accepted: number };
  /** Lines of the answer whose `index` was not the next one. */
  readonly outOfOrder: number;
};
export type LivePost = { readonly id: string; readonly sentAt: number; readonly answeredMs: number };

const PIECE = 64 * 1024;
/** Old enough to be kept and labelled, and sent to nobody: the back-fill of a year. */
const LONG_AGO = '2025-01-15T08:00:00Z';

/** A row of the bulk load: the words of a complaint, made different from every other. */
function row(i: number, texts: readonly string[]): string {
  const text = `${texts[i % texts.length]} (${i})`;
  const customer = { msisdn: `0803${String(i % 10_000_000).padStart(7, '0')}` };
  return `${JSON.stringify({ text, externalId: `bulk-${i}`, occurredAt: LONG_AGO, customer })}\n`;
}

/** Sends `rows` through the stream door, made as they are sent; `onAnswered` hears how many are answered so far. */
export async function sendBulk(
  { url, key }: Door,
  rows: number,
  onAnswered: (rows: number) => void,
): Promise<BulkEnd> {
  const texts = trainingTexts();
  const sent = request(`${url}/v1/complaints/stream?feed=form`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
  });
  const answer = once(sent, 'response').then(([response]) => read(response as IncomingMessage, onAnswered));
  let bytes = 0;
  const write = async () => {
    for (let i = 0; i < rows; ) {
      let piece = '';
      for (; i < rows && piece.length < PIECE; i++) piece += row(i, texts);
      bytes += Buffer.byteLength(piece);
      if (!sent.write(piece)) await once(sent, 'drain');
    }
    sent.end();
  };
  // An answer that ends early ends the sending too.
  const end = await Promise.race([answer, write().then(() => answer)]);
  return { ...end, bytes };
}

async function read(
  response: IncomingMessage,
  onAnswered: (rows: number) => void,
): Promise<Omit<BulkEnd, 'bytes'>> {
  let next = 0;
  let outOfOrder = 0;
  for await (const line of createInterface({ input: response })) {
    const said = JSON.parse(line);
    if (said.done !== undefined) return { done: said.done, counts: said.counts, outOfOrder };
    if (said.index !== next) outOfOrder += 1;
    next += 1;
    if (next % 256 === 0) onAnswered(next);
  }
  throw new RedressError(
    'proof',
    'no_last_line',
    `The answer broke off after ${next} lines.`,
    'See the log.',
  );
}

/** One live post; rejects unless it is accepted. */
export async function postLive({ url, key }: Door, n: number): Promise<LivePost> {
  const sentAt = Date.now();
  const answer = await fetch(`${url}/v1/complaints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text: `No network in Ikeja since morning, post ${n}`, externalId: `live-${n}` }),
  });
  const text = await answer.text();
  if (answer.status !== 202)
    throw new RedressError('proof', 'not_accepted', `A live post was answered ${answer.status}: ${text}`, '');
  return { id: (JSON.parse(text) as { id: string }).id, sentAt, answeredMs: Date.now() - sentAt };
}
