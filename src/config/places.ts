import { type CountryCode, isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { didYouMean } from '../complaint/nearest.js';
import { line, quote } from './schemas.js';

/** An IANA time zone name that this machine's ICU knows; offsets such as +01:00 are not accepted: they know no DST. */
export const Zone = line(64).transform((name, context) => {
  try {
    if (!/^[A-Za-z]/.test(name)) throw new RangeError(name);
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    const near = didYouMean(name, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
    const message = `is ${quote(name)}, which is no IANA time zone (like Africa/Lagos or UTC).${near}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

/** ISO 3166 alpha-2 code of a country with a telephone numbering plan, in capitals. */
export const Region = line(8).transform((code, context): CountryCode => {
  const upper = code.toUpperCase();
  if (isSupportedCountry(upper)) return upper;
  const message = `is ${quote(code)}, which is no two-letter country code (ISO 3166, like NG)`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});
