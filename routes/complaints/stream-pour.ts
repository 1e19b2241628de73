import { setTimeout as sleep } from 'node:timers/promises';
import { limit } from '../../src/complaint/limits.js';
import { type ApiEnvelope, brokenLine, envelopeOfLine, type PostContext } from '../../src/sources/api.js';
import type { BodyEnd, BodyReader } from '../../src/sources/api/body.js';
import { type Line, lineCutter } from '../../src/sources/api/lines.js';
import type { Item } from './items.js';

/** Why a stream was not taken to its end; undefined if it was. `failed` comes with the error. */
export type Cause = Exclude<BodyEnd, 'whole'> | 'disk_low' | 'failed';
export type PourEnd = { readonly cause: Cause | undefined; readonly error?: unknown };

export type PourDeps = {
  /** `busy` says whether batches are being written or said: then the sender may be waiting for us. */
  readonly open: (busy: () => boolean) => BodyReader;
  readonly context: Omit<PostContext, 'now'>;
  readonly now: () => Date;
  readonly diskLow: () => boolean;
  /** Resolves when what it says is durable; `first` is the place of the first one. */
  readonly accept: (made: readonly ApiEnvelope[], first: number) => Promise<Item[]>;
  /** Counts items against the sender's limit; how long to pause before more is read, ms. */
  readonly owe: (items: number) => number;
  /** Says outcomes, in order of the items; resolves when more may be said. */
  readonly say: (items: readonly Item[]) => Promise<void>;
  readonly stopped: AbortSignal;
};

/** Within these the sender left off in the middle of a line; otherwise it was we who did not read on. */
const BROKEN: readonly (Cause | undefined)[] = ['cut', 'idle'];

/**
 * Reads complaints line by line, stores them in batches and says what became of each. Whatever comes while batches are
 * being written is the next one: there is no timer. While as many are under way as may be nothing is read, so that
 * memory holds a few batches however long the stream is.
 */
export async function pour(deps: PourDeps): Promise<PourEnd> {
  const { stopped } = deps;
  const underWay: Promise<void>[] = [];
  const body = deps.open(() => underWay.length > 0);
  const stop = () => body.stop();
  stopped.addEventListener('abort', stop);
  const cutter = lineCutter(limit('rawBytes'));
  let group: ApiEnvelope[] = [];
  let bytes = 0;
  let read = 0;
  let pause = 0;
  let cause: Cause | undefined;
  let failure: { readonly error: unknown } | undefined;
  let said = Promise.resolve();

  async function settle(accepted: Promise<Item[]>): Promise<void> {
    try {
      const items = await accepted;
      // After a batch of which nothing is known nothing more is said: an answer has no holes.
      if (!failure) await deps.say(items);
    } catch (error) {
      failure ??= { error };
      body.stop();
    }
    void underWay.shift();
  }

  const room = async (): Promise<undefined> => {
    while (underWay.length >= limit('streamBatches')) await underWay[0];
  };

  async function hand(): Promise<void> {
    await room();
    if (pause > 0) await sleep(pause, undefined, { signal: stopped }).catch(() => {}); // stopped: the last batch
    if (deps.diskLow()) cause ??= 'disk_low';
    if (cause === 'disk_low' || failure) return;
    const made = group;
    group = [];
    bytes = 0;
    const accepted = deps.accept(made, read - made.length);
    accepted.catch(() => {}); // looked at in its turn
    said = said.then(() => settle(accepted));
    underWay.push(said);
    pause = deps.owe(made.length);
  }

  async function add(line: Line): Promise<void> {
    group.push(envelopeOfLine(line, read, { ...deps.context, now: deps.now() }));
    read += 1;
    bytes += 'bytes' in line ? line.bytes.length : 0;
    if (group.length >= limit('receiptItems') || bytes >= limit('batchBytes')) await hand();
  }

  const over = (): boolean => {
    if (failure) cause ??= 'failed';
    if (stopped.aborted) cause ??= 'stopped';
    return cause !== undefined;
  };

  while (!over()) {
    const chunk = body.take();
    if (chunk) {
      for (const line of cutter.push(chunk)) {
        await add(line);
        if (over()) break;
      }
      continue;
    }
    if (group.length > 0 && underWay.length < limit('streamBatches')) {
      await hand();
      continue;
    }
    const end = await (group.length > 0 ? Promise.race([body.more(), room()]) : body.more());
    if (end === 'whole') break;
    if (!over()) cause = end;
  }
  const last = cutter.rest();
  if (last && cause === undefined) await add(last);
  // A stream that broke off within its first line came to nothing, and is refused as a whole.
  if (last && read > 0 && BROKEN.includes(cause)) {
    group.push(brokenLine());
    read += 1;
  }
  if (group.length > 0) await hand();
  await said;
  over();
  stopped.removeEventListener('abort', stop);
  if (cause !== undefined) body.discard();
  return { cause, ...failure };
}
