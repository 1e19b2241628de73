import type { CountryCode } from 'libphonenumber-js/max';

/** What personal data becomes: `PHONE` is written `[PHONE]`. */
export const PERSONAL_TYPES = [
  'PHONE',
  'EMAIL',
  'CARD',
  'ACCOUNT',
  'NIN',
  'BVN',
  'IMEI',
  'ICCID',
  'PIN',
  'PUK',
  'OTP',
  'ID',
  'HANDLE',
  'NAME',
  'ADDRESS',
] as const;
export type PersonalType = (typeof PERSONAL_TYPES)[number];

/** UTF-16 offsets, `end` not included. */
export type Range = { readonly start: number; readonly end: number };
export type Span = Range & { readonly type: PersonalType };

/** Groups of digits with nothing but separators between them: `0803 555-0101` is one run of three groups. */
export type Run = Range & {
  readonly groups: readonly Range[];
  /** All digits without the separators. */
  readonly digits: string;
};

/** A text in plain forms, made for matching. Its characters know where they come from in the text as given. */
export type View = {
  readonly text: string;
  /** Of each character in `text`: where its source starts and ends. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly runs: readonly Run[];
};

export type Context = {
  /** Where numbers without a country code are from. */
  readonly region: CountryCode;
  /** Names and handles of the operator itself in lower case; they stay. */
  readonly own: ReadonlySet<string>;
};

/** Finds one kind of personal data; spans are offsets in `view.text` and never hold a mask. */
export type Recogniser = (view: View, context: Context) => readonly Span[];
