import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { limit } from '../../complaint/limits.js';

/** How a body came to its end; everything but `whole` leaves a part of it unread. */
export type BodyEnd =
  | 'whole'
  /** The connection broke within it. */
  | 'cut'
  /** Nothing came for too long. */
  | 'idle'
  /** It is no gzip, or its end is missing. */
  | 'not_gzip'
  /** It unpacks to far more than text does. */
  | 'bomb'
  /** `stop` was called. */
  | 'stopped';

export type BodyReader = {
  /** What has come and was not taken yet, unpacked; undefined if nothing has. */
  take(): Buffer | undefined;
  /** Resolves when there is something to take, with undefined, or with the end once nothing is left to take. */
  more(): Promise<BodyEnd | undefined>;
  /** Ends the body here, for whoever waits for more. */
  stop(): void;
  /** Lets what still comes run into nothing. */
  discard(): void;
};

export type BodyOptions = {
  readonly gzip: boolean;
  /** How long nothing may come while somebody waits for it, ms. */
  readonly idleMs: number;
  /** The sender may be waiting for us: then silence is not held against it. */
  readonly busy: () => boolean;
};

/** Unpacked bytes up to which the ratio says nothing: a small text may well repeat itself. */
const SMALL = 1024 * 1024;

/** Reads a body that may never end. Nothing is read ahead: a reader that pauses makes its sender pause. */
export function openBody(raw: Readable, { gzip, idleMs, busy }: BodyOptions): BodyReader {
  const gunzip = gzip ? raw.pipe(createGunzip()) : undefined;
  const stream: Readable = gunzip ?? raw;
  let end: BodyEnd | undefined;
  let received = 0;
  let unpacked = 0;
  let waiting: Promise<BodyEnd | undefined> | undefined;
  let wake = () => {};

  const finish = (how: BodyEnd) => {
    end ??= how;
    wake();
  };
  if (gunzip)
    raw.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
  stream.on('readable', () => wake());
  stream.on('end', () => {
    // The unpacker stops after the last member and says nothing of what follows.
    finish(gunzip && gunzip.bytesWritten < received ? 'not_gzip' : 'whole');
  });
  gunzip?.on('error', () => finish('not_gzip'));
  raw.on('error', () => finish('cut'));
  raw.on('close', () => {
    if (raw.readableEnded) return;
    finish('cut');
    gunzip?.destroy();
  });

  async function wait(): Promise<BodyEnd | undefined> {
    for (;;) {
      if (end !== undefined) return end;
      if (stream.readableLength > 0) return undefined;
      const before = received;
      const silent = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(true), idleMs);
        wake = () => {
          clearTimeout(timer);
          resolve(false);
        };
        stream.read(0); // asks the source for more, and brings the end of one that has no more
        if (stream.readableLength > 0 || end !== undefined) wake();
      });
      // Packed bytes that do not make up a block yet are a sign of life too.
      if (silent && received === before && !busy()) finish('idle');
    }
  }

  return {
    take() {
      if (end !== undefined) return undefined;
      const chunk = (stream.read() as Buffer | null) ?? undefined;
      unpacked += chunk?.length ?? 0;
      if (gunzip && unpacked > SMALL && unpacked > gunzip.bytesWritten * limit('streamRatio')) {
        finish('bomb');
        return undefined;
      }
      return chunk;
    },
    more() {
      waiting ??= wait().finally(() => {
        waiting = undefined;
      });
      return waiting;
    },
    stop: () => finish('stopped'),
    discard() {
      stream.removeAllListeners('readable');
      if (gunzip) raw.unpipe(gunzip);
      gunzip?.destroy();
      raw.resume();
    },
  };
}
