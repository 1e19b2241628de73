/** Changes of a message that do not change what it is about; what each should leave as it is, the category. */
export const CHANGES: Readonly<Record<string, (text: string) => string>> = {
  'a handle before it': (text) => `@BeejanNG ${text}`,
  'without handles': (text) => text.replace(/@[\p{L}\p{N}_]+/gu, ' '),
  'other digits': (text) => text.replace(/\d/g, (d) => String((Number(d) + 3) % 10)),
  'without digits': (text) => text.replace(/\d+/g, ' '),
  'without punctuation': (text) => text.replace(/(?!['’])\p{P}/gu, ' '),
  'a full stop after it': (text) => `${text} .`,
  'an emoji after it': (text) => `${text} 😡`,
  'without emoji': (text) => text.replace(/\p{Extended_Pictographic}/gu, ' '),
};

/** Texts that a change changes at all, with their numbers. */
export function changed(texts: readonly string[], change: (text: string) => string) {
  return texts
    .map((text, index) => ({ index, text: change(text) }))
    .filter(({ index, text }) => text !== texts[index] && text.trim() !== '');
}
