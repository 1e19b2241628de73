import { afterCue, PHONE_CUE } from './cued.js';
import { head } from './runs.js';
import type { Range, Recogniser, Span } from './types.js';

const DIGITS = 10;
const REACH = 60;
const BANK_REACH = 25;
const BANKS =
  'access|citibank|diamond|eco ?bank|fcmb|fidelity|first ?bank|fbn|globus|gtb|gt ?bank|guaranty|heritage|jaiz|keystone|kuda|lotus|momo|moniepoint|opay|palmpay|parallex|polaris|premium trust|providus|stanbic|standard chartered|sterling|suntrust|taj|titan|uba|union|unity|wema|zenith|carbon|fairmoney|vfd|rubies|sparkle|centenary|dfcu|equity';
const CUE =
  /(?<![a-z])(?:acct|acc|account|a\/c|asusun|asusu|akaunti|akanti|nuban|wallet|(?:refund|transfer|pay|send|sent)(?: [a-z]{1,12}){0,4} (?:to|into))(?![a-z])/gi;
const BANK = new RegExp(`(?<![a-z])(?:${BANKS})(?![a-z])`, 'gi');
const BANK_AFTER = new RegExp(
  `^(?:["'),.( -]{1,4}(?:${BANKS})| (?:is|na) my (?:[a-z]{2,10} )?(?:account|acct|acc|a/c|wallet))(?![a-z])`,
  'i',
);
const OTHER_CUE = /(?<![a-z])(?:meter|customer|cust|txn|transaction|ref|session)(?![a-z])/i;
const MOBILE_WITHOUT_ZERO = /^[789][01]/;

/** Ten digits of a bank or wallet account: with the word or a bank's name before, the bank behind, or in a transfer code. */
export const account = (): Recogniser => (view) => {
  const { text, runs } = view;
  const ten = runs.filter((run) => head(run, DIGITS, DIGITS));
  if (ten.length === 0) return [];
  const found: Span[] = [
    ...afterCue(view, 'ACCOUNT', CUE, REACH, (run, gap) => {
      const value = head(run, DIGITS, DIGITS);
      if (!value || OTHER_CUE.test(gap)) return undefined;
      return MOBILE_WITHOUT_ZERO.test(run.digits) && PHONE_CUE.test(gap) ? undefined : value;
    }),
    ...afterCue(view, 'ACCOUNT', BANK, BANK_REACH, (run) => head(run, DIGITS, DIGITS)),
  ];
  for (const run of ten) {
    const value = head(run, DIGITS, DIGITS) as Range;
    const after = BANK_AFTER.test(text.slice(value.end, value.end + 24));
    const transfer = text[value.start - 1] === '*' && !MOBILE_WITHOUT_ZERO.test(run.digits);
    if (after || transfer) found.push({ ...value, type: 'ACCOUNT' });
  }
  return found;
};
