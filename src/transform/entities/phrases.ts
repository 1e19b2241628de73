const gapped = (phrase: string): string =>
  phrase.replace(/~~(\d+)/g, '(?: [\\w.]+){0,$1}').replace(/~(\d+)/g, '(?: \\w+){0,$1}');

/**
 * One expression for any of some phrases over folded words (`Words.line`). `~6` stands for up to six words of the same
 * sentence, `~~6` for up to six words and stops. The gaps are bounded, so that a search is linear.
 */
export const phrases = (...list: readonly string[]): RegExp =>
  new RegExp(`\\b(?:${list.map(gapped).join('|')})\\b`);

/** The same at the beginning of the text. */
export const opening = (...list: readonly string[]): RegExp =>
  new RegExp(`^ (?:${list.map(gapped).join('|')})\\b`);
