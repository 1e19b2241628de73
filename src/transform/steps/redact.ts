import type { CountryCode } from 'libphonenumber-js/max';
import { redactText } from '../../governance/privacy/redact.js';
import { each, type Step } from '../step.js';

type In = { readonly text: string; readonly region: CountryCode; readonly own: readonly string[] };

/** Takes personal data out of `text`; from here on nothing else is passed on. */
export function redact<T extends In>(): Step<T, T> {
  return each(function redact(item) {
    return { ...item, text: redactText(item.text, item.region, { own: item.own }) };
  });
}
