import { afterCue, MOBILE, PHONE_CUE } from './cued.js';
import { head } from './runs.js';
import type { Recogniser } from './types.js';

const REACH = 60;
const TIGHT = 14;
const OTHER_CUE = /(?<![a-z])(?:nin|bvn|imei|iccid|acct|account|meter|msisdn|ticket|txn|ref)(?![a-z])/i;

/** Eleven digits after the name of an identity number; ten or twelve right behind it, where one was mistyped. */
const identity =
  (type: 'NIN' | 'BVN', cue: RegExp): Recogniser =>
  (view) =>
    afterCue(view, type, cue, REACH, (run, gap) => {
      const value = head(run, 11, 11) ?? (gap.length <= TIGHT ? head(run, 10, 12) : undefined);
      if (!value || OTHER_CUE.test(gap)) return undefined;
      return MOBILE.test(run.digits) && PHONE_CUE.test(gap) ? undefined : value;
    });

export const nin = (): Recogniser =>
  identity('NIN', /(?<![a-z])(?:nin|nimc|national identi(?:ty|fication) (?:number|no\.?))(?![a-z])/gi);
export const bvn = (): Recogniser =>
  identity('BVN', /(?<![a-z])(?:bvn|bank verification (?:number|no\.?))(?![a-z])/gi);
