const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6])/u;
const NOTHING = /^[\p{M}\p{Cf}]+$/u;

const widthOf = (grapheme: string): number => (WIDE.test(grapheme) ? 2 : NOTHING.test(grapheme) ? 0 : 1);

/** Columns that a text of one line takes on a terminal. */
export const width = (text: string): number =>
  [...graphemes.segment(text)].reduce((sum, { segment }) => sum + widthOf(segment), 0);

/** Without what could steer a terminal: control characters, also those in file names and headings. */
export const printable = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ');

/** At most `columns` wide, ending in an ellipsis where something was cut off. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > columns - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** Exactly `columns` wide. */
export function pad(text: string, columns: number, side: 'left' | 'right' = 'right'): string {
  const fitted = cut(text, columns);
  const room = ' '.repeat(Math.max(0, columns - width(fitted)));
  return side === 'right' ? fitted + room : room + fitted;
}

/** Broken at blanks into lines of at most `columns`; a longer word is cut in pieces. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && width(line) + 1 + width(word) > columns) {
        lines.push(line);
        line = '';
      }
      line = line === '' ? word : `${line} ${word}`;
      while (width(line) > columns) {
        const head = headOf(line, columns);
        lines.push(head);
        line = line.slice(head.length);
      }
    }
    lines.push(line);
  }
  return lines;
}

/** The longest beginning that fits; at least one grapheme, so that wrapping always gets on. */
function headOf(text: string, columns: number): string {
  let head = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (head !== '' && used > columns) break;
    head += segment;
  }
  return head;
}
