import { z } from 'zod';
import { LIMITS } from '../src/complaint/limits.js';
import { instantOf } from '../src/complaint/zones.js';
import { type Cursor, decodeCursor, encodeCursor } from '../src/gold/query.js';
import { ProblemError } from './problem.js';

const DATE = z.iso.date();
const TIME = z.iso.datetime({ offset: true });

/** A `+` that was not encoded arrives as a space; nothing else with a space is a time. */
const repaired = (text: string): string => text.replace(/ (\d\d:\d\d)$/, '+$1');

/** A day, or a time with zone, as text; read with `instant`. */
export const When = z
  .string()
  .max(40)
  .transform(repaired)
  .refine((t) => DATE.safeParse(t).success || TIME.safeParse(t).success, {
    error: 'must be a day (2026-11-25) or a time with zone (2026-11-25T09:30:00+01:00)',
  });

/** The instant of a `When`; a day is its first moment in `zone`. */
export const instant = (when: string, zone: string): Date =>
  new Date(when.length === 10 ? instantOf(Date.parse(`${when}T00:00:00Z`), zone) : Date.parse(when));

export const Limit = (standard = 50) =>
  z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(1).max(LIMITS.pageItems.value))
    .default(standard)
    .describe(`Items of a page, 1 to ${LIMITS.pageItems.value}; default ${standard}.`);

export const CursorText = z
  .string()
  .max(200)
  .describe('`next` of the page before; goes with the same filters.');

export const Flag = z.enum(['true', 'false']).transform((t) => t === 'true');

export const IdOrReference = z.object({
  id: z.string().min(1).max(64).describe('Id, or the reference as a person typed it.'),
});

/** Throws a problem for a cursor that is not one of ours. */
export function cursorOf(text: string | undefined): { cursor: Cursor } | undefined {
  if (text === undefined) return undefined;
  const cursor = decodeCursor(text);
  if (cursor) return { cursor };
  throw new ProblemError('invalid', 'The cursor is none of ours. Take `next` of the page before as it is.', {
    errors: [{ parameter: 'cursor', detail: 'is not the `next` of a page' }],
  });
}

/** The fields of a page of `items`, and the Link header (RFC 8288) that leads to the next one. */
export function pageOf(
  url: string,
  next: Cursor | undefined,
): { next?: string; headers: Record<string, string> } {
  if (!next) return { headers: {} };
  const [path = '', query] = url.split('?');
  const params = new URLSearchParams(query);
  const text = encodeCursor(next);
  params.set('cursor', text);
  return { next: text, headers: { link: `<${path}?${params}>; rel="next"` } };
}

export const Next = z.string().optional().describe('`cursor` of the next page; absent on the last one.');
