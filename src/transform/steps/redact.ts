import type { CountryCode } from 'libphonenumber-js/max';
import { redactText } from '../../governance/redact.js';
import { each, type Step } from '../step.js';

type In = { readonly text: string; readonly region: CountryCode };

/** Takes phone numbers and e-mail addresses out of `text`; from here on nothing else is passed on. */
export function redact<T extends In>(): Step<T, T> {
  return each(function redact(item) {
    return { ...item, text: redactText(item.text, item.region) };
  });
}
