import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Customer } from '../../complaint/aligned.js';
import type { Cipher } from '../../governance/cipher.js';
import { each, type Step } from '../step.js';

/** The one spelling of a number (E.164), whatever the sender wrote; digits as they are if it is no phone number. */
export function canonicalMsisdn(raw: string, region: CountryCode): string {
  return parsePhoneNumberFromString(raw, region)?.number ?? raw.replace(/[^\d+]/g, '');
}

/** Keyed hash of the strongest identifier given: number, account, e-mail, handle. The same number, the same customer. */
export function customerHash(customer: Customer, cipher: Cipher, region: CountryCode): string | undefined {
  const { msisdn, account, email, handle } = customer;
  const number = msisdn === undefined ? '' : canonicalMsisdn(msisdn, region);
  if (number !== '') return cipher.pseudonym('msisdn', number);
  if (account !== undefined) return cipher.pseudonym('account', account.trim().toUpperCase());
  if (email !== undefined) return cipher.pseudonym('email', email.trim().toLowerCase());
  if (handle !== undefined) return cipher.pseudonym('handle', handle.trim().replace(/^@/, '').toLowerCase());
  return undefined;
}

type In = { readonly aligned: { readonly customer: Customer }; readonly region: CountryCode };

/** Adds `customer`, the keyed hash that stands for the customer from here on, if anything identifies one. */
export function identify<T extends In>(cipher: Cipher): Step<T, T & { customer?: string }> {
  return each(function identify(item) {
    const customer = customerHash(item.aligned.customer, cipher, item.region);
    return customer === undefined ? item : { ...item, customer };
  });
}
