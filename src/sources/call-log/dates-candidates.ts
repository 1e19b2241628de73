import { parseMoment } from '../../complaint/times.js';

/**
 * How dates stand in exports, day before month where the order is open. M and D take one or two digits, so a pattern
 * covers its padded twin. Left out on purpose, as they would put files in doubt for the sake of what is hardly ever
 * written: year first in two digits (YY-MM-DD), and month first with dots. A feed can still declare those.
 */
const DAYS = [
  ...['D/M/YYYY', 'M/D/YYYY', 'D-M-YYYY', 'M-D-YYYY', 'D.M.YYYY'],
  ...['D/M/YY', 'M/D/YY', 'D-M-YY', 'M-D-YY', 'D.M.YY'],
  ...['D MMM YYYY', 'D-MMM-YYYY', 'D/MMM/YYYY', 'D MMM YY', 'D-MMM-YY', 'MMM D, YYYY', 'MMM D YYYY'],
  ...['YYYY/M/D', 'YYYYMMDD'],
];
const TIMES = [
  ...['', ' H:mm', ' H:mm:ss', ' H:mm:ss.SSS', ' h:mm A', ' h:mm:ss A', ' h:mmA', ' h:mm:ssA'],
  ...[', H:mm', ', H:mm:ss', ', h:mm A', ', h:mm:ss A'],
];

/** The closed list of formats that are looked for; `iso` first. */
export const DATE_FORMATS: readonly string[] = [
  'iso',
  ...DAYS.flatMap((day) => TIMES.map((time) => `${day}${time}`)),
  'YYYYMMDDHHmmss',
];

const MONTHS = /(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?![a-z])/;
const LONGEST = 40;

/** What is left of a text when digits, months and halves of the day are made equal: `03/04/26 9:05 pm` is `00/00/00 0:00 am`. */
const shapeOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(MONTHS, 'mmm')
    .replace(/\d/g, '0')
    .replace(/pm$/, 'am');

const ISO_SHAPE = /^0000-00-00(?:[t ]00:00(?::00(?:[.,]0{1,9})?)? ?(?:z|[+-]00(?::?00)?)?)?$/;
const TOKEN_SHAPES: Record<string, string> = {
  ...{ YYYY: '0000', YY: '00', MMM: 'mmm', MM: '00', M: '00?', DD: '00', D: '00?' },
  ...{ HH: '00', H: '00?', h: '00?', mm: '00', ss: '00', SSS: '000', A: 'am' },
};
const shapeOfFormat = (format: string): RegExp => {
  if (format === 'iso') return ISO_SHAPE;
  const tokens = /YYYY|YY|MMM|MM|M|DD|D|HH|H|h|mm|ss|SSS|A|\./g;
  return new RegExp(`^${format.replace(tokens, (token) => TOKEN_SHAPES[token] ?? '\\.')}$`);
};
const SHAPES = DATE_FORMATS.map((format) => [format, shapeOfFormat(format)] as const);

const SHAPES_KEPT = 2_000;
const known = new Map<string, readonly string[]>();

/** A file has few shapes and many rows: the formats of a shape are found once. */
function formatsOfShape(shape: string): readonly string[] {
  const found = known.get(shape) ?? SHAPES.filter(([, s]) => s.test(shape)).map(([format]) => format);
  if (known.size < SHAPES_KEPT) known.set(shape, found);
  return found;
}

/**
 * Numbers that stand for times. Any id could be one: they are looked for only where a column is said to hold times, and
 * the days of a spreadsheet only in a spreadsheet.
 */
const EPOCHS = ['epoch_s', 'epoch_ms'];
const SERIALS = ['excel'];
/** From 1927 (days) or 1973 (seconds) on: a number of four digits is a year, a PIN, a count. */
const NUMBER = /^\d{5,13}(?:\.\d{1,20})?$/;

export type Numbers = 'none' | 'epochs' | 'epochs and serials';

/** What a column of times can hold in a file of this kind. */
export const numbersIn = (container: string): Numbers =>
  container === 'xlsx' ? 'epochs and serials' : 'epochs';

const numbersOf = (text: string, numbers: Numbers): readonly string[] => {
  if (numbers === 'none' || !NUMBER.test(text)) return [];
  return numbers === 'epochs' ? EPOCHS : [...EPOCHS, ...SERIALS];
};

/** A format that reads a text, and the wall clock it reads (as if it were UTC; with an offset, the instant), ms. */
export type Reading = { readonly format: string; readonly at: number };

/** Everything that a trimmed text could mean, by the closed list. */
export function readingsOf(text: string, numbers: Numbers = 'none'): Reading[] {
  if (text === '' || text.length > LONGEST || !/\d/.test(text)) return [];
  return [...formatsOfShape(shapeOf(text)), ...numbersOf(text, numbers)].flatMap((format) => {
    const moment = parseMoment(text, { format, zone: 'UTC' });
    return moment.ok ? [{ format, at: moment.at.getTime() }] : [];
  });
}
