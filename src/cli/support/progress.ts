import type { Io } from './io.js';

export type Progress = {
  /** Shows a state in place of the one before; many calls a second are fine. */
  show(text: string): void;
  /** Takes the line away, before anything else is written. */
  clear(): void;
};

const EVERY_MS = 150;

/** One line that is written over; nothing at all where nobody watches. */
export function createProgress(io: Io): Progress {
  let shownAt = 0;
  return {
    show(text) {
      const now = Date.now();
      if (!io.terminal || now - shownAt < EVERY_MS) return;
      shownAt = now;
      io.err(`\r\u001b[2K${text}`);
    },
    clear() {
      if (io.terminal && shownAt > 0) io.err('\r\u001b[2K');
      shownAt = 0;
    },
  };
}
