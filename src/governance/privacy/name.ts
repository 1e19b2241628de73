import { CALENDAR, INSTITUTION, NO_NAME, PLACES } from './words.js';
import type { Range, Recogniser, Span } from './types.js';

type Cue = {
  /** Global; ends where the name or a title begins. */
  readonly after: RegExp;
  /** `any`: the cue leaves no doubt, a name in small letters or a day will do. `one`: the same for one word. `capital`: a name must look like one. */
  readonly form: 'any' | 'one' | 'capital';
  /** What must follow, sticky. */
  readonly followedBy?: RegExp;
};

const TITLES =
  'mr|mrs|ms|miss|mister|dr|engr|arc|barr|barrister|prof|professor|chief|pastor|rev|reverend|alh|alhaji|alhaja|haj|hajia|hajiya|mall|mallam|malam|madam|hon|capt|col|sgt|uncle|aunty|auntie';
const CUES: readonly Cue[] = [
  {
    after:
      /(?<![a-z])(?:(?<!(?:plan|file|company|business|wifi|network|ssid|brand|bundle|app|site|estate|street|shop|store|domain|user|product|bank) )names? ?(?:(?:is|are|na|be|was) ?(?::|=)?|:|=)|(?:people|dem dey|they|dem|pls|please) call me|suna ?na(?: ne| shi ne| ita ce)?|sunan(?: abokin ciniki)?(?: shi ne| ita ce)?|ana kirana|ana ce min|oruko mi(?: ni| n je| nje)|(?:won|a) n pe mi ni|aha (?:m|mu|nna m)(?: bu| wu)?)[ \n:"']{1,3}/gi,
    form: 'any',
  },
  {
    after:
      /(?<![a-z])(?:i am|i'm|im|am|i be|na me be|this is|it is me|it's me|na me|na(?= [a-z' -]{2,40} be my name)|abu m|emi ni|mo n je|ni ne|speaking with|spoke (?:to|with)|named|in (?:the )?names? of|registered (?:to|as|under|with)|(?:account|acct|acc|a\/c|full|first|sur|last|customer|reg|registered|kyc)[ _]?names?)[ :,"'-]{1,3}/gi,
    form: 'capital',
  },
  {
    after: /(?<![a-z])(?:cust(?:omer)?|subscriber|caller|client)(?:(?:'s)? names?)?(?: is| na)?[ :=]{1,2}/gi,
    form: 'capital',
  },
  {
    after:
      /(?<![a-z])(?:attn|attention|beneficiary|next of kin|nok|contact person|contact name|recipient|sender|c\/o|signed|sgd)[ :=]{1,3}/gi,
    form: 'capital',
  },
  { after: /(?<![a-z])from ?[:=] ?["']?/gi, form: 'capital', followedBy: /(?! ?to ?:)/iy },
  {
    after:
      /(?<![a-z])(?:deliver|delivered|send|ship|bring|dispatch|addressed|post)[^.\n\ufffc]{0,50} to ?: ?\n?/gi,
    form: 'capital',
  },
  {
    after:
      /(?<![a-z])(?:regards|sincerely|faithfully|truly|thanks|thank you|cheers|respectfully|yours|best|gratefully|o daa?bo|ese|na gode|nagode|imela|daalu)[,.!-]? ?\n{0,3}[ -]{0,2}/gi,
    form: 'capital',
    followedBy: / ?(?:$|[\n,.;|(<\ufffc]|\+?\d)/y,
  },
  {
    after: /(?<![a-z.])(?:mr|mrs|alhaji|alhaja|alh|hajia|mallam|engr|barr|pastor)\b\.?(?=[ (])/gi,
    form: 'one',
  },
  { after: new RegExp(`(?<![A-Za-z.])(?:${TITLES})\\b\\.?(?=[ (])`, 'gi'), form: 'capital' },
];
const TITLE = new RegExp(`[ (]{0,2}(?:${TITLES})\\b[.)]{0,2} {1,2}`, 'iy');
const SPACE = / {1,2}/y;
const WORD = /[A-Z]\.(?= ?[A-Za-z])|[A-Za-z]{1,24}(?:['-][A-Za-z]{1,24}){0,3}(?![A-Za-z0-9_@'/])/y;
const MOST_WORDS = 4;
/** "Barr. (Mrs) Dr"; without a limit a chain of titles would be walked from each of them. */
const MOST_TITLES = 3;
const CAPITAL = /^[A-Z]/;
const SHOUTED = /^[A-Z]{2,}$/;
const SURNAME_FIRST = /, [A-Z][a-z]{1,24}(?= ?(?:$|[\n;.|]))/y;
const ROLE_AFTER =
  / (?:customer|subscriber|user|member|client|resident|owner|agent|dealer|citizen)s?(?![a-z])/iy;
const VERB = /(?:ing|ed|ly)$/;

function sticky(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

type Word = Range & { readonly text: string };

const isCommon = (plain: string): boolean =>
  NO_NAME.has(plain) || PLACES.has(plain) || INSTITUTION.has(plain);

/** The words at `at` that can be a name, as long as they go on. `small`: small letters will do. */
function words(text: string, at: number, small: boolean, own: ReadonlySet<string>): readonly Word[] {
  const found: Word[] = [];
  let from = at;
  while (found.length < MOST_WORDS) {
    const word = sticky(WORD, text, from);
    if (word === undefined) break;
    const plain = word.toLowerCase().replace(/'s?$/, '');
    if (NO_NAME.has(plain) && !word.endsWith('.')) break;
    if (own.has(plain) || (found.length === 0 && PLACES.has(plain))) break;
    if (!CAPITAL.test(word) && (!small || VERB.test(plain) || (found[0] && CAPITAL.test(found[0].text))))
      break;
    const bare = word.endsWith("'s") ? word.slice(0, -2) : word;
    found.push({ text: bare, start: from, end: from + bare.length });
    if (bare !== word) break;
    const space = sticky(SPACE, text, from + word.length);
    if (space === undefined && !word.endsWith('.')) break;
    from += word.length + (space?.length ?? 0);
  }
  while (found.length > 0 && (found.at(-1) as Word).text.replace('.', '').length === 1) found.pop();
  return found;
}

function nameAt(
  text: string,
  from: number,
  cue: Cue,
  shouted: boolean,
  own: ReadonlySet<string>,
): Range | undefined {
  let at = from;
  for (let i = 0; i < MOST_TITLES; i++) at += sticky(TITLE, text, at)?.length ?? 0;
  if (text[at] === ' ') at++;
  const strong = cue.form !== 'capital';
  const all = words(text, at, strong, own);
  const name = cue.form === 'one' && all[0] && !CAPITAL.test(all[0].text) ? all.slice(0, 1) : all;
  const first = name[0];
  const last = name.at(-1);
  if (!first || !last) return undefined;
  const plain = name.map((w) => w.text.toLowerCase());
  if (plain.some((w) => INSTITUTION.has(w))) return undefined;
  if (plain.every((w) => CALENDAR.has(w)) && !(strong && CAPITAL.test(first.text))) return undefined;
  // Where all letters are capitals they say nothing, and "I AM STRANDED" is no introduction.
  if (!strong && shouted && name.every((w) => SHOUTED.test(w.text))) return undefined;
  if (cue.followedBy && sticky(cue.followedBy, text, last.end) === undefined) return undefined;
  if (!strong && name.length === 1 && sticky(ROLE_AFTER, text, last.end) !== undefined) return undefined;
  const given = strong && name.length === 1 ? sticky(SURNAME_FIRST, text, last.end) : undefined;
  const isGiven = given !== undefined && !isCommon(given.slice(2).toLowerCase());
  return { start: first.start, end: last.end + (isGiven ? given.length : 0) };
}

/** Names of persons after a cue; names without one are not looked for. */
export const name =
  (): Recogniser =>
  (view, { own }) => {
    const { text } = view;
    const spans: Span[] = [];
    for (const cue of CUES) {
      for (const m of text.matchAll(cue.after)) {
        const shouted = !/[a-z]/.test(m[0]);
        const range = nameAt(text, m.index + m[0].length, cue, shouted, own);
        if (range) spans.push({ ...range, type: 'NAME' });
      }
    }
    return spans;
  };
