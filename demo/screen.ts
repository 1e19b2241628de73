import type { WriteStream } from 'node:tty';
import { cut } from './width.js';

/** Where the demo talks to a person: a terminal, where one line is rewritten, or a pipe, which gets plain lines. */
export type Screen = {
  /** Columns to write in, 60 to 100. */
  readonly columns: number;
  bold(text: string): string;
  line(text?: string): void;
  /** Progress: replaces the last progress on a terminal; in a pipe a line, at most every other second. */
  progress(text: string): void;
  /** The same, as the last word of its kind: it stays. */
  settled(text: string): void;
};

const PIPE_EVERY_MS = 2_000;
const CLEAR_LINE = '\r\u001b[2K';

export function createScreen(stream: NodeJS.WritableStream, now: () => number): Screen {
  const terminal = (stream as Partial<WriteStream>).isTTY === true;
  const { columns = 96 } = stream as Partial<WriteStream>;
  const width = Math.min(100, Math.max(60, columns));
  // hasColors also minds NO_COLOR and the like.
  const styled = terminal && (stream as WriteStream).hasColors();
  const bold = (text: string) => (styled ? `\u001b[1m${text}\u001b[0m` : text);
  let live = false;
  let lastPlain = Number.NEGATIVE_INFINITY;
  const line = (text = ''): void => {
    stream.write(`${live ? CLEAR_LINE : ''}${text}\n`);
    live = false;
  };
  return {
    columns: width,
    bold,
    line,
    progress(text) {
      if (terminal) {
        stream.write(`${CLEAR_LINE}${cut(text, columns - 1)}`);
        live = true;
      } else if (now() - lastPlain >= PIPE_EVERY_MS) {
        lastPlain = now();
        line(text);
      }
    },
    settled: line,
  };
}
