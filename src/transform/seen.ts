import type { CountryCode } from 'libphonenumber-js/max';
import { redactText } from '../governance/redact.js';
import { cleanText } from './steps/clean.js';

/** A raw text as the model sees it in the pipeline: cleaned, then redacted. For labelling without storing. */
export const seenText = (raw: string, region: CountryCode): string => redactText(cleanText(raw), region);
