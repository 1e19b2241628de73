import { type CountryCode, findPhoneNumbersInText } from 'libphonenumber-js/max';

const EMAIL =
  /[\p{L}\p{N}._%+'-]{1,64}\s?(?:@|\[at\]|\(at\))\s?(?:[\p{L}\p{N}-]{1,63}[.。]){1,8}\p{L}{2,24}/giu;

// A run of ten digits or more with the usual separators: somebody's number, also where no plan knows it (a digit too
// many, an unassigned block), two follow each other, or letters and the signs of a USSD transfer stand beside it.
// Amounts have a currency sign or a comma; a USSD code by itself is shorter.
const LONG_NUMBER = /(?<![\d₦$€£.,:/-])\+?\(?\d(?:[\s()._+-]{0,3}\d){9,}/gu;
const DATE_OR_TIME =
  /(?<![\d.:/-])(\d{4}-\d{2}-\d{2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}:\d{2}(?::\d{2})?)(?![\d/-])/;
const SPACED_AMOUNT = /^\d{1,3}(?:[ .]\d{3}){2,}$/;
const MONEY_OR_CODE_BEFORE = /[*#₦$€£]$/;
/** What joins or varies characters but shows nothing between digits and around an @. */
const UNSEEN_INSIDE =
  /(?<=[\d@.])(?:\u034f|\u115f|[\u200b-\u200d]|\u2060|\u2800|[\ufe00-\ufe0f])+(?=[\d@.])/gu;
/** Other forms of digits, at sign and full stop. */
const OTHER_FORMS = /[\p{Nd}＠﹫]/gu;

/** The same text with digits and at signs in their plain form; nothing else changes. */
const plainForms = (text: string): string =>
  text.replace(OTHER_FORMS, (c) => c.normalize('NFKC')).replace(UNSEEN_INSIDE, '');

/** Numbers of other lengths and countries, as the library knows them. */
function redactDialable(text: string, region: CountryCode): string {
  let out = '';
  let at = 0;
  for (const { startsAt, endsAt, number } of findPhoneNumbersInText(text, region)) {
    const amount = SPACED_AMOUNT.test(text.slice(startsAt, endsAt));
    if (number.number.length < 8 || amount || MONEY_OR_CODE_BEFORE.test(text.slice(0, startsAt))) continue;
    out += `${text.slice(at, startsAt)}[PHONE]`;
    at = endsAt;
  }
  return out + text.slice(at);
}

/**
 * Phone numbers and e-mail addresses become `[PHONE]` and `[EMAIL]`; `region` is where numbers without a country code
 * are from. Dates and times are never part of a number. Redacting twice changes nothing.
 */
export function redactText(text: string, region: CountryCode): string {
  return plainForms(text)
    .replace(EMAIL, '[EMAIL]')
    .split(DATE_OR_TIME)
    .map((part, i) => {
      if (i % 2 === 1) return part; // what DATE_OR_TIME caught
      const long = part.replace(LONG_NUMBER, (run) => (SPACED_AMOUNT.test(run) ? run : '[PHONE]'));
      return redactDialable(long, region);
    })
    .join('');
}
