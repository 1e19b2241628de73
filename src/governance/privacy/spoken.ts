import { MASK } from './fold.js';
import type { Recogniser, Span } from './types.js';

const WORDS = {
  english: 'zero oh o nought one two three four five six seven eight nine',
  hausa: 'sifili daya biyu uku hudu biyar shida bakwai takwas tara',
  yoruba: 'odo ookan eji meji eta meta erin merin arun marun efa mefa eje meje ejo mejo esan mesan',
  igbo: 'efu otu abuo ato ano ise isii asaa asato itoolu',
};
const TIMES: Readonly<Record<string, number>> = { double: 2, dobule: 2, triple: 3, treble: 3 };
const ONE = Object.values(WORDS).join(' ').split(' ');
const PIECE = new RegExp(
  `(?<![A-Za-z0-9])(?:${[...Object.keys(TIMES), ...ONE].join('|')}|\\d+)(?![A-Za-z0-9])`,
  'gi',
);
const GAP = /^[ \n,.-]{1,3}$/;
const FEWEST = 10;

/** Telephone numbers read out: ten number words or more in a row, "double" and "triple" included, digits among them. */
export const spoken = (): Recogniser => (view) => {
  const spans: Span[] = [];
  let start = 0;
  let end = -1;
  let count = 0;
  let words = 0;
  let times = 1;
  const close = (): void => {
    if (words >= 2 && count >= FEWEST) spans.push({ start, end, type: 'PHONE' });
  };
  for (const m of view.text.matchAll(PIECE)) {
    const piece = m[0].toLowerCase();
    const gap = end < 0 ? MASK : view.text.slice(end, Math.min(m.index, end + 4));
    if (!GAP.test(gap)) {
      close();
      start = m.index;
      count = 0;
      words = 0;
      times = 1;
    }
    end = m.index + m[0].length;
    const more = TIMES[piece];
    if (more) {
      times = more;
      words++;
    } else {
      const digits = /^\d/.test(piece);
      count += digits ? piece.length - 1 + times : times;
      if (!digits) words++;
      times = 1;
    }
  }
  close();
  return spans;
};
