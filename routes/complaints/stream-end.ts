import { z } from 'zod';
import { LIMITS } from '../../src/complaint/limits.js';
import { retryLater, storeUnavailable } from '../errors.js';
import { ProblemError } from '../problem.js';
import { Counts, Item } from './items.js';
import type { PourEnd } from './stream-pour.js';

const Done = z.object({
  done: z.boolean().describe('true: the stream was read to its end. false: it was not, see `reason`.'),
  counts: Counts.describe('Items by outcome, of the lines before this one.'),
  reason: z.string().optional().describe('Code of docs/api.md: why it was not read to its end.'),
  detail: z.string().optional().describe('What to do.'),
});
export type Done = z.infer<typeof Done>;

/** A line of the answer. */
export const ANSWER = z.union([
  Item.describe('What became of one item.'),
  Done.describe('The last line, and no other.'),
]);

/** The end of a stream as a problem: the whole answer if nothing was said before, else what the last line tells. */
export function problemOf({ cause, error }: PourEnd, read: number): ProblemError | undefined {
  switch (cause) {
    case undefined:
      return read > 0
        ? undefined
        : new ProblemError('invalid', 'The stream is empty: send at least one complaint, one a line.');
    case 'cut':
      return new ProblemError('malformed', 'The body can not be read. It broke off.');
    case 'idle':
      return new ProblemError(
        'timed_out',
        `Nothing came for ${LIMITS.streamIdle.value} s. Send what follows the last line that was answered.`,
      );
    case 'not_gzip':
      return new ProblemError(
        'malformed',
        'The body can not be read. It is not valid gzip to its end. Pack it again, or send it without content coding.',
      );
    case 'bomb':
      return new ProblemError(
        'too_large',
        `The gzip stream unpacks to more than ${LIMITS.streamRatio.value} times its size. Send it without content coding.`,
      );
    case 'stopped':
      return retryLater(
        'stopping',
        'The service is stopping. Send what was not answered again in a few seconds.',
      );
    case 'disk_low':
      return retryLater('disk_low', 'The disk is nearly full. Send what was not answered again later.');
    case 'failed':
      // What the door could not do it has logged; anything else is ours.
      return (error as Error).name === 'ProblemError' ? (error as ProblemError) : storeUnavailable();
  }
}
