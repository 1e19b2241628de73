import { bareHandle, isOurHandle, type Mention, namesUs, operatorOfHandle } from './operators.js';
import { opening, phrases } from './phrases.js';
import { isHandle, type Words } from './tokens.js';
import type { Addressee, Author, Flag } from '../../complaint/entities.js';
import type { EntityContext } from './types.js';

const PRESS_HANDLE =
  /news(?:ng|24|paper)?$|^(?:mobile)?punch(?:ng)?$|^vanguard|^channelstv|^premiumtimes|^thecableng|^techcabal|^techpoint|^nairametrics|^guardiannigeria|^daily_?trust/;
const BOT_HANDLE = /(?:^|_)bot$|downdetector|netblocks|outagebot/;
const BOT = opening(
  '(?:user )?reports indicate',
  'this is an automated',
  'automated (?:message|reply|response)',
  'auto ?reply',
);
const STAFF_OPENS = opening(
  '(?:dear|esteemed|valued) (?:valued |esteemed )?(?:customer|subscriber)s? (?:we|our|thank|enjoy)',
  '(?:hi|hello|hey)~6 (?:thank you|thanks) for (?:reaching|contacting)',
  '(?:hi|hello|hey)~6 we (?:sincerely |deeply )?(?:apologi[sz]e|are sorry)',
);
const STAFF_SAYS = phrases(
  'we (?:sincerely |deeply )?apologi[sz]e for (?:the|any|every) inconvenience',
  'kindly (?:send us a dm|dm us|share your (?:number|phone))',
);
/** Initials with which staff sign a post: ^TO. */
const SIGNED = /\s\^[A-Z]{2,4}$/;
const HEADLINE = opening(
  'breaking|just in|exclusive',
  '(?:ncc|nitda|fg|fccpc|ucc) (?:fines|orders|directs|approves|sanctions|says|gives|threatens|reveals|announces|bars|unveils)',
);
const AGENCY = /(?:[-–] ?(?:Punch|Vanguard|Reuters|Premium ?Times|TheCable|NAN)|\((?:Reuters|NAN)\))\s*$/;
/** Said for oneself: a customer, also one who quotes what staff or a paper wrote. */
const FOR_ONESELF = /\b(?:i|im|ive|my|me|us|una|abeg|pls)\b/;

/**
 * Who wrote it, by the handle first, else by how it reads. Only customers are routed, so that all else must be sure:
 * who speaks for himself is a customer.
 */
export function authorOf({ line, text }: Words, { own, author }: EntityContext): Author {
  const handle = bareHandle(author?.handle ?? '');
  if (isOurHandle(handle, own) || operatorOfHandle(handle, own)) return 'operator';
  if (BOT_HANDLE.test(handle)) return 'bot';
  if (SIGNED.test(text)) return 'operator';
  if (FOR_ONESELF.test(line)) return 'customer';
  if (BOT.test(line)) return 'bot';
  if (STAFF_OPENS.test(line) || STAFF_SAYS.test(line)) return 'operator';
  return PRESS_HANDLE.test(handle) || HEADLINE.test(line) || AGENCY.test(text) ? 'press' : 'customer';
}

/** Words before a competitor's name that make it a measure, a way out, or the other end of a call. */
const ASIDE = new Set(
  'to than like unlike on from with even use using into call calling as and or even via of for between another other join see if is when send sending text buy bought'.split(
    ' ',
  ),
);
/** Words after it by which it is spoken to, or spoken of as at fault. */
const AT_FAULT = new Set(
  'una you your why is are has have had don dey no fix stop give network data internet service sim please pls abeg debited deducted charged took thieves rubbish useless bad slow nigeria what how its was wey'.split(
    ' ',
  ),
);
const GOOD = /\b(?:better|best|good|fast|faster|works|working|fine|sweet|perfect|great)\b/;
const SPOKEN_TO = new Set('dear hello hi hey this abeg please oga'.split(' '));
/** Said by its customers: what is paid, used or regretted is this one. */
const TROUBLE =
  /\b(?:bad|slow|worst|rubbish|useless|down|fix|why|stop|debited|deducted|charged|thie(?:f|ves)|scam|poor|terrible|horrible|no (?:network|data|service|internet|signal)|not (?:working|received|credited)|no dey|regret|start again|annoying|frustrat\w+|disappoint\w+)\b/;
const OURS_ANYWAY =
  /\b(?:port(?:ing)?|switch(?:ing)?|mov(?:e|ing)|chang(?:e|ing)|cannot call|cant call|my friends?)\b/;

function isComplainedOf({ tokens }: Words, { at }: Mention): boolean {
  const token = tokens[at];
  if (token && isHandle(token)) return true;
  const before = tokens[at - 1]?.fold ?? '';
  if (ASIDE.has(before)) return false;
  const next = tokens[at + 1]?.fold ?? '';
  const opens = at === 0 || SPOKEN_TO.has(before);
  return (opens && next !== '') || AT_FAULT.has(next);
}

/** Words that a message to an operator, or about one, has. */
const TRADE =
  /\b(?:network|data|internet|sim|line|airtime|call|calls|sms|signal|bundle|recharge|router|fib(?:re|er)|wifi|mifi|modem|wallet|momo|balance|customer|care|service|services|plan|subscription|bill|billing|port|roaming|decoder|app|mast|technician|browse|browsing|ussd|pin|puk|otp|\dg|\d+[mg]b|naira|money|refund|deducted|debited|ticket|tune|office|agent|staff|you|your|una|ku|yin|unu|owo|kudi|ego)\b/;
const GREETING =
  /^ (?:good (?:morning|afternoon|evening|night|day)|happy|merry|congratulations|god|amen|blessed|have a|may)\b/;

/**
 * To whom it is said.
 * - `competitor`: we are not named, a competitor is, and every sign is that it is the one complained of: spoken to
 *   by handle or name, or the subject of the trouble. A measure ("better than"), a way out ("moving to") or the
 *   other end of a call is none. In doubt `us`: a complaint wrongly kept from its team costs more than one too many.
 * - `nobody`: press; and what has no flag and no word of the trade nor any address: greetings, emoji.
 */
export function addresseeOf(
  words: Words,
  { own, author }: { readonly own: readonly string[]; readonly author: Author },
  mentions: readonly Mention[],
  flags: readonly Flag[],
): Addressee {
  if (namesUs(words, own)) return 'us';
  if (author === 'press') return 'nobody';
  if (mentions.length > 0) {
    const blamed = mentions.some((m) => isComplainedOf(words, m));
    const trouble = flags.length > 0 || TROUBLE.test(words.line);
    const aside = OURS_ANYWAY.test(words.line) || (GOOD.test(words.line) && !TROUBLE.test(words.line));
    return trouble && !aside && (blamed || regretted(words, mentions)) ? 'competitor' : 'us';
  }
  if (flags.length > 0 || author !== 'customer') return 'us';
  if (TRADE.test(words.line)) return 'us';
  return GREETING.test(words.line) || words.line.trim() === '' ? 'nobody' : 'us';
}

const regretted = ({ line }: Words, mentions: readonly Mention[]): boolean =>
  mentions.length === 1 && /\bthis sim\b|\bregret\b/.test(line);
