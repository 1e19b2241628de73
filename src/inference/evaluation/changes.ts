import type { Prediction } from '../../complaint/prediction.js';
import type { Label } from './label.js';

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

/** Of the texts that a change alters, the share that keep their category. */
export type Invariance = Readonly<Record<string, { readonly rows: number; readonly same: number }>>;

/** `before` is what is said of the texts as they are; `label` is given texts with a change in them. */
export async function invariance(
  label: Label,
  texts: readonly string[],
  before: readonly Prediction[],
): Promise<Invariance> {
  const out: Record<string, Invariance[string]> = {};
  for (const [name, change] of Object.entries(CHANGES)) {
    const altered = changed(texts, change);
    const after = await label(altered.map(({ text }) => text));
    const kept = altered.filter(
      ({ index }, i) => before[index]?.heads.category.label === after[i]?.heads.category.label,
    );
    out[name] = {
      rows: altered.length,
      same: altered.length === 0 ? 1 : Math.round((kept.length / altered.length) * 1e4) / 1e4,
    };
  }
  return out;
}
