import type { Word } from './words.js';

/** A part of a text that the model reads at once; `text` is the number of the text in its batch. */
export type Window = {
  readonly text: number;
  readonly words: readonly Word[];
  /** Pieces, without [CLS] and [SEP]. */
  readonly size: number;
};

/** Windows of one text that are read; a longer text is read from its start, but for its last window. */
export const MOST_WINDOWS = 16;

/**
 * Cuts a text between words into windows of at most `room` pieces; a word of more pieces (a text without white space)
 * goes over several. A text without pieces has none. Of a text of more than MOST_WINDOWS the first ones and the last are read.
 */
export function windowsOf(text: number, words: readonly Word[], room: number): Window[] {
  const windows: Window[] = [];
  let open: Word[] = [];
  let size = 0;
  const close = (): void => {
    if (open.length > 0) windows.push({ text, words: open, size });
    open = [];
    size = 0;
  };
  for (const word of words) {
    for (let from = 0; from < word.ids.length; from += room) {
      const part = word.ids.length > room ? { ...word, ids: word.ids.slice(from, from + room) } : word;
      if (size + part.ids.length > room) close();
      open.push(part);
      size += part.ids.length;
    }
  }
  close();
  if (windows.length <= MOST_WINDOWS) return windows;
  return [...windows.slice(0, MOST_WINDOWS - 1), ...windows.slice(-1)];
}

/** Rows of similar length, at most `pieces` with their padding. */
export function batchesOf(windows: readonly Window[], pieces: number): Window[][] {
  const sorted = [...windows].sort((a, b) => a.size - b.size);
  const batches: Window[][] = [];
  let open: Window[] = [];
  for (const window of sorted) {
    // Sorted by size, so the new one would be the longest.
    if (open.length > 0 && (open.length + 1) * (window.size + 2) > pieces) {
      batches.push(open);
      open = [];
    }
    open.push(window);
  }
  if (open.length > 0) batches.push(open);
  return batches;
}
