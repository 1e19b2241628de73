import { isCapital, isHandle, opensSentence, type Token, type Words } from './tokens.js';

/** Operators by canonical name, with the words and the beginnings of handles they go by. */
const OPERATORS: Readonly<Record<string, string>> = {
  MTN: 'mtn',
  Airtel: 'airtel',
  Glo: 'glo globacom gloworld',
  '9mobile': '9mobile etisalat t2mobile',
  Spectranet: 'spectranet',
  Smile: 'smile smilecoms',
  Swift: 'swift swiftng swiftnetworks',
  ntel: 'ntel',
  ipNX: 'ipnx',
  FibreOne: 'fibreone fiberone fob',
  Tizeti: 'tizeti',
  Starlink: 'starlink',
  Visafone: 'visafone',
  Africell: 'africell',
  'Uganda Telecom': 'utl',
  Lycamobile: 'lycamobile',
  Roke: 'roketelkom',
  Safaricom: 'safaricom',
  Vodacom: 'vodacom',
  Vodafone: 'vodafone',
  Orange: 'orange',
  Comcast: 'comcast xfinity',
  Verizon: 'verizon',
  'AT&T': 'atnt attcares',
  'T-Mobile': 'tmobile',
  Sprint: 'sprint',
  Cox: 'cox coxcomm',
  Spectrum: 'spectrum',
  CenturyLink: 'centurylink',
  Frontier: 'frontier',
  Suddenlink: 'suddenlink',
};
const BY_WORD = new Map(
  Object.entries(OPERATORS).flatMap(([name, words]) =>
    words.split(' ').map((w): [string, string] => [w, name]),
  ),
);
/** Names that are words: in capitals beside a word of the trade, or as a handle. */
const WORDS_TOO = new Set(['smile', 'swift', 'orange', 'sprint', 'spectrum', 'frontier', 'cox', 'fob']);
const TRADE = new Set(
  'network networks data sim line internet 4g 5g lte broadband fibre fiber wifi mobile router subscriber customers telecom telecoms service services communications'.split(
    ' ',
  ),
);
/** What an operator adds to its name in a handle: mtnng, airtel_ug, 9mobilengCare. Not `ry` of gloryada. */
const HANDLE_REST =
  /^(?:_|ng|nigeria|ug|uganda|gh|ghana|ke|kenya|zambia|zm|cares?|help|support|official|world|coms|biz|business|plc|180)*$/;

/** The operator that a handle names. */
function byHandle(handle: string): string | undefined {
  for (let length = Math.min(handle.length, 14); length > 2; length--) {
    const name = BY_WORD.get(handle.slice(0, length));
    if (name && HANDLE_REST.test(handle.slice(length))) return name;
  }
  return undefined;
}

/** Countries that follow the name where a handle has lost its @: AirtelUg. */
const COUNTRY = /(?:ng|nigeria|ug|uganda|gh|ghana|ke|kenya|zambia|zm|rw|tz)$/;

const byName = (word: string): string | undefined =>
  BY_WORD.get(word) ?? (COUNTRY.test(word) ? BY_WORD.get(word.replace(COUNTRY, '')) : undefined);

export const bareHandle = (handle: string): string => handle.replace(/^@/, '').toLowerCase();

/** Our own names, each as folded words. */
const ownNames = (own: readonly string[]): string[] => own.map(bareHandle).filter((name) => name.length > 1);

/** Whether a folded word is ours: a name or handle itself, or a product named after us (BeejanPay). */
const isOwn = (word: string, own: readonly string[]): boolean =>
  own.some((name) => word === name || (name.length >= 5 && word.startsWith(name)));

/** Whether we are named, by name, handle or a product of that name. */
export function namesUs({ tokens, line }: Words, own: readonly string[]): boolean {
  const names = ownNames(own);
  return (
    tokens.some(({ fold }) => isOwn(fold, names)) ||
    names.some((name) => name.includes(' ') && line.includes(` ${name} `))
  );
}

/** The operator of a handle; undefined for ours and for anybody else's. */
export function operatorOfHandle(handle: string, own: readonly string[]): string | undefined {
  const name = byHandle(bareHandle(handle));
  return name !== undefined && !isOurs(name, own) ? name : undefined;
}

/** Whether a handle is ours: as configured, or a name of ours with what operators add. */
export const isOurHandle = (handle: string, own: readonly string[]): boolean =>
  ownNames(own).some((name) => handle.startsWith(name) && HANDLE_REST.test(handle.slice(name.length)));

/** Redress may run at an operator of the list: then its own name is no competitor's. */
const isOurs = (name: string, own: readonly string[]): boolean => {
  const words = (OPERATORS[name] ?? '').split(' ');
  return ownNames(own).some((o) => words.some((w) => o === w || o.startsWith(`${w} `)));
};

/** A mention of a competitor: its name and the place of its word. */
export type Mention = { readonly name: string; readonly at: number };

function nameAt({ tokens, capitalsTell }: Words, at: number): string | undefined {
  const token = tokens[at] as Token;
  const name = isHandle(token) ? byHandle(token.fold) : byName(token.fold);
  if (name === undefined || !WORDS_TOO.has(token.fold) || isHandle(token)) return name;
  const beside = TRADE.has(tokens[at + 1]?.fold ?? '');
  return beside && capitalsTell && isCapital(token) && !opensSentence(tokens, at) ? name : undefined;
}

/** Where operators other than ours are named, in the order of the text. */
export function competitorsAt(words: Words, own: readonly string[]): Mention[] {
  const names = ownNames(own);
  return words.tokens.flatMap((token, at) => {
    const name = token.fold === '' ? undefined : nameAt(words, at);
    return name === undefined || isOwn(token.fold, names) || isOurs(name, own) ? [] : [{ name, at }];
  });
}
