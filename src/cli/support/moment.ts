import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { instantOf } from '../../complaint/zones.js';
import { DURATION_WORDS, parseDuration } from '../../config/duration.js';

/** An instant that a flag names; `zone` is the operator's. */
export type Moment = (now: Date, zone: string) => Date;

const DAY = z.iso.date();
const TIME = z.iso.datetime({ offset: true });

/** A day (its first moment in the operator zone), a time with zone, or how long ago. */
export function momentOf(text: string): Moment {
  const ago = parseDuration(text);
  if (ago !== undefined) return (now) => new Date(now.getTime() - ago);
  if (TIME.safeParse(text).success) return () => new Date(text);
  if (DAY.safeParse(text).success)
    return (_, zone) => new Date(instantOf(Date.parse(`${text}T00:00:00Z`), zone));
  throw new InvalidArgumentError(
    `It must be a day (2026-11-25), a time with zone (2026-11-25T09:30:00+01:00), or ${DURATION_WORDS}.`,
  );
}
