import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { addAbortSignal, type Stream } from 'node:stream';
import { RedressError } from '../../complaint/errors.js';
import type { Io } from './io.js';

/** A file, or standard input, as a command reads it. */
export type Input = { readonly name: string; readonly bytes: AsyncIterable<Buffer> };

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this user',
};

/** Nothing is opened before it is read. When the process is asked to end, reading ends with an error, also while it waits. */
export function inputOf(io: Io, file: string | undefined): Input {
  const name = file ?? 'standard input';
  async function* bytes(): AsyncGenerator<Buffer> {
    const stream = file === undefined ? io.in : createReadStream(resolve(io.cwd, file));
    addAbortSignal(io.signal, stream as NodeJS.ReadableStream & Stream);
    try {
      for await (const chunk of stream) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    } catch (e) {
      const { code, syscall } = e as NodeJS.ErrnoException;
      if (code === undefined || syscall === undefined) throw e;
      throw new RedressError(
        'classify',
        'no_file',
        `${name} ${WORDS[code] ?? "can't be read"} (${code}).`,
        'Give the path of a text file.',
        { cause: e },
      );
    }
  }
  return { name, bytes: bytes() };
}
