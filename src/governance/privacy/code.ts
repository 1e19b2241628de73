import { afterCue } from './cued.js';
import { isQuantity } from './stays.js';
import type { Range, Recogniser, Run, Span, View } from './types.js';

type Kind = {
  readonly type: 'PIN' | 'PUK' | 'OTP';
  /** Global. */
  readonly cue: RegExp;
  /** Lengths that are the code wherever they follow within a sentence or two. */
  readonly sure: readonly number[];
};

const FEWEST = 4;
const MOST = 8;
const REACH = 100;
const NEAR = 60;
/** A number directly behind these is something else. */
const OTHER_BEFORE =
  /(?:(?<![a-z])(?:ticket|tkt|ref|reference|code|error|err|invoice|call|called|dial|dialled|sms|from|since|till|until|by|in|at|to|of|for|year|plan|flex|cell|site|block|flat|house|plot|load|loaded|bought|paid|sent|ending)|[*/#])[ .:=]*$/i;
const LINK =
  /(?:(?<![a-z])(?:is|was|na|be|ni|bu|ne|ita ce|no|number|as|him|her|them|am|i (?:use|used|put|typed|entered)|to|it|this|that|said|gave|given|turo)|[:=(,"'?])[ :="'(]*$/i;
const YEAR = /^(?:19|20)\d\d$/;
const BACKWARDS =
  /(?<![\d.,:*])\d{4,8}(?: ?\(|,? (?:is|na|as|was|be) )(?:(?:my|the|his|her|una|our) )?(?:(?:wallet|transfer|sim|old|new|app) )?(pin|puk|otp)(?![A-Za-z])/gi;
const LEADING = /^\d+/;

const KINDS: readonly Kind[] = [
  { type: 'PUK', cue: /(?<![a-z])puk[12]?(?: code| no\.?| number)?(?![a-z])/gi, sure: [8] },
  {
    type: 'OTP',
    cue: /(?<![a-z])(?:otp|one[- ]time[- ](?:password|passcode|pin|code)|(?:verification|activation|security|auth(?:entication)?|login) code)(?: code| no\.?| number)?(?![a-z])/gi,
    sure: [6, 8],
  },
  { type: 'PIN', cue: /(?<![a-z])(?:pin|passcode)(?: code| no\.?| number)?(?![a-z])/gi, sure: [] },
];

/** "4471", "719 352" or "4 4 7 1". */
const isOneCode = ({ groups }: Run): boolean =>
  groups.length <= 2 || groups.every((g) => g.end - g.start === 1);

const isNear = (gap: string): boolean =>
  gap.length <= NEAR && (LINK.test(gap) || gap.trim().split(/[ \n]+/).length <= 2) && !/[.!]\s/.test(gap);

function recogniser({ type, cue, sure }: Kind): Recogniser {
  return (view) => {
    if (!view.runs.some((run) => run.digits.length >= FEWEST && run.digits.length <= MOST)) return [];
    const found: Span[] = [
      ...afterCue(view, type, cue, REACH, (run, gap) => {
        const count = run.digits.length;
        if (count < FEWEST || count > MOST || !isOneCode(run)) return undefined;
        const linked = type === 'PIN' && / to $/.test(gap);
        if (isQuantity(view.text, run) || (!linked && OTHER_BEFORE.test(gap))) return undefined;
        if (sure.includes(count)) return run;
        const year = YEAR.test(run.digits) && !/(?:is|was|na|be|[:=])[ "']*$/.test(gap);
        return !year && isNear(gap) && !/\d/.test(gap) ? run : undefined;
      }),
    ];
    for (const m of view.text.matchAll(BACKWARDS)) {
      const digits = LEADING.exec(m[0])?.[0] as string;
      const range = { start: m.index, end: m.index + digits.length };
      if (m[1]?.toUpperCase() === type && !isQuantity(view.text, range)) found.push({ ...range, type });
    }
    return [...found, ...again(view, found)];
  };
}

/** The same code once more in the text, as in "*777*500*1357# where 1357 is my pin". */
function again(view: View, found: readonly Span[]): readonly Span[] {
  if (found.length === 0) return [];
  const digits = (r: Range): string => view.text.slice(r.start, r.end).replace(/\D/g, '');
  const codes = new Map(found.map((span) => [digits(span), span.type]));
  return view.runs.flatMap((run: Run) => {
    const type = codes.get(run.digits);
    return type ? [{ start: run.start, end: run.end, type }] : [];
  });
}

/** Secret codes of four to eight digits; never without the word for them. */
export const codes = (): readonly Recogniser[] => KINDS.map(recogniser);
