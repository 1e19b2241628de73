/** What a reader sees where words were cut off. */
export const SHORTENED = '… (shortened)';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The only three characters that Slack reads as markup of mentions, links and entities. */
export const escapeSlack = (text: string): string => text.replace(/[&<>]/g, (c) => ENTITIES[c] ?? c);

/**
 * Text as it may be shown: well formed, line ends as `\n`, at most one blank line in a row, without control
 * characters and without direction overrides (which could reorder what stands after them).
 */
export const cleanText = (text: string): string =>
  Buffer.from(text, 'utf8')
    .toString('utf8')
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/\n[^\S\n]*(?:\n[^\S\n]*)+/g, '\n\n')
    .trim();

/** One line: every run of white space becomes one space. */
export const oneLine = (text: string): string => cleanText(text).replace(/\s+/g, ' ');

/**
 * Escaped text of at most `max` UTF-16 units, the mark of shortening included. Cut after escaping, between
 * graphemes, so that neither an entity nor an emoji is halved.
 */
export function fitSlack(text: string, max: number): string {
  const whole = escapeSlack(text);
  if (whole.length <= max) return whole;
  const room = max - SHORTENED.length;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    const next = escapeSlack(segment);
    if (kept.length + next.length > room) break;
    kept += next;
  }
  return kept.trimEnd() + SHORTENED;
}
