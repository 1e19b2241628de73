import { afterCue } from './cued.js';
import { head, luhn } from './runs.js';
import type { Recogniser, Span } from './types.js';

const REACH = 60;
/** Reporting bodies that allocate type codes to handsets today. */
const REPORTING_BODY = /^(?:01|35|86|99)/;

/** Fifteen digits with a cue; without one they must begin as handsets' do and pass the check digit. */
export const imei = (): Recogniser => (view) => [
  ...afterCue(view, 'IMEI', /imei(?: ?[12](?!\d))?|\*#06#/gi, REACH, (run) => head(run, 14, 17)),
  ...view.runs
    .filter((r) => r.digits.length === 15 && REPORTING_BODY.test(r.digits) && luhn(r.digits))
    .map(({ start, end }): Span => ({ start, end, type: 'IMEI' })),
];

/** Nineteen or twenty digits from 89, which telecommunication has among the issuers' numbers (ITU-T E.118). */
export const iccid = (): Recogniser => (view) => [
  ...afterCue(view, 'ICCID', /iccid|sim serial(?: (?:no\.?|number))?/gi, REACH, (run) => head(run, 18, 22)),
  ...view.runs.flatMap((run): Span[] => {
    const value = run.digits.startsWith('89') ? head(run, 19, 20) : undefined;
    return value ? [{ ...value, type: 'ICCID' }] : [];
  }),
];
