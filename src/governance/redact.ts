import { type CountryCode, findPhoneNumbersInText } from 'libphonenumber-js/max';

const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}\s?(?:@|\[at\]|\(at\))\s?(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/giu;

// A run of ten digits or more with the usual separators: somebody's number, also where no plan knows it (a digit too
// many, an unassigned block) or two follow each other. USSD codes have * and #, amounts a currency sign or a comma.
const LONG_NUMBER = /(?<![\p{L}\p{N}*#₦$€£.,:/-])\+?\(?\d(?:[\s().-]{0,2}\d){9,40}(?![\p{L}\p{N}*#])/gu;
const DATE_OR_TIME =
  /(?<![\d.:/-])(\d{4}-\d{2}-\d{2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}:\d{2}(?::\d{2})?)(?![\d/-])/;
const SPACED_AMOUNT = /^\d{1,3}(?:[ .]\d{3}){2,}$/;
const MONEY_OR_CODE_BEFORE = /[*#₦$€£]$/;

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
  return text
    .replace(EMAIL, '[EMAIL]')
    .split(DATE_OR_TIME)
    .map((part, i) => {
      if (i % 2 === 1) return part; // what DATE_OR_TIME caught
      const long = part.replace(LONG_NUMBER, (run) => (SPACED_AMOUNT.test(run) ? run : '[PHONE]'));
      return redactDialable(long, region);
    })
    .join('');
}
