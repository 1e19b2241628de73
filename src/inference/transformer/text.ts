import { createRequire } from 'node:module';

/** Part of the manifest: a model is used with the text function that it was trained with. */
export const MODEL_TEXT_VERSION = 1;

/** What redaction leaves in place of something private; one piece each in the model's vocabulary. */
export const TYPED_TOKENS = [
  '[PHONE]',
  '[EMAIL]',
  '[CARD]',
  '[ACCOUNT]',
  '[NIN]',
  '[BVN]',
  '[IMEI]',
  '[ICCID]',
  '[PIN]',
  '[PUK]',
  '[OTP]',
  '[ID]',
  '[HANDLE]',
  '[NAME]',
  '[ADDRESS]',
] as const;

const URL_LIKE = /\b(?:https?:\/\/|www\.)\S+/giu;
const HANDLE = /(?<![\p{L}\p{N}_.@])@([\p{L}\p{N}_]{2,})/gu;
/** A handle with one of these in it names an operator, which is a word of the complaint; others name people. */
const OPERATORS =
  /mtn|airtel|glo(?!b|r)|mobile|etisalat|africell|utl|comcast|xfinity|verizon|att|spectranet|smile|swift|ntel|tizeti|ipnx|beejan|telecom|momo/i;
/** Letters of Hausa and signs that the base vocabulary has no pieces for. */
const LETTERS: Readonly<Record<string, string>> = {
  ɓ: 'b',
  ɗ: 'd',
  ƙ: 'k',
  ƴ: 'y',
  Ɓ: 'B',
  Ɗ: 'D',
  Ƙ: 'K',
  Ƴ: 'Y',
  '₦': ' naira ',
};
const FOREIGN = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
/** Skin tone or presentation, which change the look and not the name. */
const VARIANTS = /\p{EMod}|\ufe0f/gu;
const PART =
  '(?:\\p{RI}\\p{RI}|\\p{Emoji_Presentation}|\\p{Extended_Pictographic})(?:\\p{EMod}|\\ufe0f|\\u20e3)*';
const EMOJI = new RegExp(`${PART}(?:\\u200d${PART})*`, 'gu');

const PLAIN = /^[a-z0-9]*$/i;

/** In plain letters, without accents and other marks. */
const unmarked = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC');

type Named = { readonly name: string };
// The data is one JSON file of the package; a JSON import would need an import attribute in every caller's loader.
const NAMES = createRequire(import.meta.url)('unicode-emoji-json/data-by-emoji.json') as Readonly<
  Record<string, Named | undefined>
>;
const plain = (emoji: string): string => emoji.replace(VARIANTS, '');
const NAME_OF = new Map(
  Object.entries(NAMES).map(([emoji, named]) => [plain(emoji), unmarked(named?.name ?? '')]),
);

/** Name of an emoji without its skin tone; of a joined one that has none, the names of its parts. */
function emojiName(emoji: string): string {
  const bare = plain(emoji);
  const name =
    NAME_OF.get(bare) ??
    bare
      .split('\u200d')
      .map((part) => NAME_OF.get(part) ?? '')
      .join(' ');
  return ` ${name.replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
}

/** Emoji of a text and the words that the model reads in place of each, in lower case. */
export const emojiWords = (text: string): { readonly emoji: string; readonly words: readonly string[] }[] =>
  (text.match(EMOJI) ?? []).map((emoji) => ({
    emoji,
    words: emojiName(emoji).toLowerCase().split(' ').filter(Boolean),
  }));

/** A single word as the model reads it, in lower case. */
export const foldedWord = (word: string): string => (PLAIN.test(word) ? word : modelText(word)).toLowerCase();

/**
 * The text as the model reads it, from cleaned and redacted text: NFKC, URLs as "url", handles as "user" but for
 * operators' own, emoji as the words of their names, accents and letters outside the vocabulary in their plain form,
 * single spaces. Typed tokens are kept whole, but for a handle's, which is a "user" too. The same function prepares the training data. Pure; applying it twice
 * changes nothing.
 */
export function modelText(text: string): string {
  // Marks first: a mark after "@" or in "www." hides a handle or an address from the rest.
  return unmarked(text.toWellFormed().normalize('NFKC'))
    .replace(URL_LIKE, ' url ')
    .replaceAll('[HANDLE]', ' user ')
    .replace(HANDLE, (_, name: string) => (OPERATORS.test(name) ? ` ${name} ` : ' user '))
    .replace(EMOJI, emojiName)
    .replace(FOREIGN, (c) => LETTERS[c] as string)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
}
