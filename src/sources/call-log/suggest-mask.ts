import type { CountryCode } from 'libphonenumber-js/max';
import { redactText } from '../../governance/privacy/redact.js';

const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

/** A value of a file as it may be shown: on one line, short, phone numbers and addresses taken out. */
export function shown(value: string, region: CountryCode, most = 30): string {
  const safe = redactText(value.slice(0, 500).replace(UNSAFE, ' '), region).replace(
    /\d{5,}/g,
    (d) => `${d.slice(0, 2)}…`,
  );
  const characters = [...safe];
  return characters.length <= most ? safe : `${characters.slice(0, most - 1).join('')}…`;
}

/** `0803…51`: enough to recognise the kind of number, not the number. */
export const maskedPhone = (value: string): string => {
  const digits = value.replace(/[^\d+]/g, '');
  return digits.length < 8 ? '…' : `${digits.slice(0, 4)}…${digits.slice(-2)}`;
};

/** `a…@example.com` */
export const maskedEmail = (value: string): string => {
  const [name = '', domain = ''] = value.replace(UNSAFE, '').split('@');
  return `${[...name][0] ?? ''}…@${domain.slice(0, 40)}`;
};
