import { MOBILE } from './cued.js';
import type { Range, Recogniser, Run, Span, View } from './types.js';

const NOUN = "(?:[ _-]?(?:id|ids|no\\.?|num|number|ref|reference|code|card|page|plate|'s))";
const LINK = '(?: (?:is|was|na|be|ni|bu|ita ce|of|for|with))?';
const VALUE = '([A-Za-z0-9][A-Za-z0-9/_-]{3,63})';
const cued = (cue: string): RegExp =>
  new RegExp(`(?<![A-Za-z])(?:${cue})${NOUN}{0,3}${LINK}["' :=#,.(-]{1,5}${VALUE}`, 'gi');

/** Papers of a person, and the numbers that the operator or the electricity company knows them by: of any length. */
const PAPERS = cued(
  "passport|driver'?s? ?licen[cs]e|driver'?s? lic|licen[cs]e|voter'?s?|vin|pvc|national id|id card|ssn|social security|meter|customer(?:[ _]id)?|cust|subscriber(?:[ _]id)?|user[ _]id|imsi|smart ?card|decoder|iuc",
);
/** What else is long enough to lead to one person. */
const REFERENCES = cued(
  'transactions?|trans|txn|tx|session|payments?|payment_reference|pmt|reference|ref|rrn|stan|order|receipt|transfer|token|ticket|tkt|invoice',
);
const SHORTEST_REFERENCE = 10;
const SHORTEST_PAPER = 6;
/** References that we give out ourselves. */
const OURS = /^[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]$/i;
const DATE = /^(?:20\d\d[-/]\d\d[-/]\d\d(?!\d)|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}$)/;
const UUID = /(?<![A-Za-z0-9])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![A-Za-z0-9])/gi;
const SOCIAL_SECURITY = /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/g;
/** Letters of a payment system and a long number: `TXN2026112500918`, `NIP/261119/00427718`. */
const PREFIXED = /(?<![A-Za-z0-9])[A-Z]{2,5}[/_-]?\d{6,12}[/_-]?\d{5,24}(?![A-Za-z0-9])/g;

const digits = (value: string): number => value.replace(/\D/g, '').length;

/** Runs by where they start. */
type Starts = ReadonlyMap<number, Run>;

/** The value behind a cue; digits in groups are one value to the end of their run. */
function valueAt(text: string, starts: Starts, start: number, written: string): Range {
  const value = written.replace(/[/_-]+$/, '');
  const run = /^\d+$/.test(value) ? starts.get(start) : undefined;
  const sound = run && run.digits.length <= 32 && !/[\n+(]/.test(text.slice(run.start, run.end));
  return { start, end: sound ? run.end : start + value.length };
}

function find(view: View, cue: RegExp, fits: (value: string) => boolean): readonly Span[] {
  const spans: Span[] = [];
  const starts: Starts = new Map(view.runs.map((run) => [run.start, run]));
  for (const m of view.text.matchAll(cue)) {
    const written = m[1] as string;
    const range = valueAt(view.text, starts, m.index + m[0].length - written.length, written);
    const value = view.text.slice(range.start, range.end);
    if (!OURS.test(value) && !DATE.test(value) && !MOBILE.test(value) && fits(value)) {
      spans.push({ ...range, type: 'ID' });
    }
  }
  return spans;
}

function shaped({ text }: View, shape: RegExp): readonly Span[] {
  return [...text.matchAll(shape)].map((m) => ({ start: m.index, end: m.index + m[0].length, type: 'ID' }));
}

/** Customer, meter and document numbers, references of ten characters or more, and shapes that nothing else has. */
export const id = (): Recogniser => (view) => {
  if (view.runs.length === 0) return [];
  return [
    ...find(view, PAPERS, (v) => v.length >= SHORTEST_PAPER && digits(v) >= 5),
    ...find(view, REFERENCES, (v) => v.length >= SHORTEST_REFERENCE && digits(v) >= 6),
    ...shaped(view, UUID),
    ...shaped(view, SOCIAL_SECURITY),
    ...shaped(view, PREFIXED),
  ];
};
