import { isRedressError, type RedressError } from '../../complaint/errors.js';
import { QUARANTINE_REASONS } from '../../complaint/reasons.js';
import type { Run } from '../../operations/run.js';
import type { ImportResult } from '../import.js';
import type { UnusableRows } from '../store.js';
import { FILE_ERRORS, type FileError } from './file-errors.js';
import type { End } from './inbox.js';
import type { FileFacts } from './open.js';
import type { Report } from './report.js';

/** What a run, or the refusal to begin one, means for its file. */
export type Outcome = {
  readonly end: End;
  /** Not read to its end: a person must do something. */
  readonly failed: boolean;
  readonly report: Report;
};

type About = Pick<Report, 'file' | 'feed' | 'software' | 'endedAt' | 'fileBytes' | 'fileModified'>;

/** Codes of runs that ended for their file, in the words for a person who has not seen the error itself. */
const CAUSES: Readonly<Record<string, readonly [problem: string, whatToDo: string]>> = {
  lines_not_covered: [
    'The rows that were read do not cover all lines of the file.',
    'Look for a quote that is out of place, correct it and put the file into inbox/ again: rows that are in are `repeated`.',
  ],
  conflicts: [
    'Some rows have the id of a complaint that is there and say something else; both versions are kept.',
    'Look at them with `redress quarantine list`.',
  ],
  quarantined: [
    'Some rows could not be used and are kept in quarantine.',
    'See `quarantined` below for rows and reasons; correct the cause and replay, or discard them.',
  ],
  drift: [
    'The file differs from the one before it.',
    'See `drift` below: correct the mapping of the feed if a column was renamed. It is said once.',
  ],
};
const UNKNOWN = [
  'The file could not be read to its end.',
  'Put the file into inbox/ again to see why: rows that are in are `repeated`.',
] as const;

const withoutFix = (error: RedressError): string =>
  error.message
    .replace(/^\[redress\] (\[[\w-]+\] )?/, '')
    .replace(error.fix, '')
    .trim();

const unusable = (rows: readonly UnusableRows[]): Pick<Report, 'quarantined'> =>
  rows.length === 0
    ? {}
    : {
        quarantined: rows.map(({ reason, count, rows: numbers }) => ({
          reason,
          whatToDo: QUARANTINE_REASONS[reason],
          count,
          rows: numbers,
        })),
      };

/** Nothing was begun: the file can't be opened, or is no file. */
export function refusal(about: About, error: Pick<RedressError, 'code' | 'fix' | 'message'>): Outcome {
  return {
    end: 'rejected',
    failed: true,
    report: {
      ...about,
      outcome: 'rejected',
      cause: error.code,
      problem: withoutFix(error as RedressError),
      whatToDo: error.fix,
    },
  };
}

/** The end of a run, from its record: also where the process that ended it is gone. */
export function outcomeOf(
  run: Run,
  about: About,
  found: {
    readonly quarantined: readonly UnusableRows[];
    readonly drift?: ImportResult['drift'];
    readonly facts?: FileFacts;
    readonly error?: unknown;
    readonly sameAs?: string;
  },
): Outcome {
  const { status, cause, counts, file } = run;
  const taken = counts ? counts.accepted + counts.repeated + counts.conflict : (run.resumed?.row ?? 0);
  const end = status === 'success' ? 'done' : status === 'failed' && taken === 0 ? 'rejected' : 'partial';
  const error = isRedressError(found.error) ? found.error : undefined;
  const [problem, whatToDo] = error
    ? [withoutFix(error), error.fix]
    : status === 'success'
      ? [
          undefined,
          `Nothing now. Rows that turn out unusable when they are worked on: redress quarantine list --run ${run._id}`,
        ]
      : (CAUSES[cause ?? ''] ?? [UNKNOWN[0], FILE_ERRORS[cause as FileError] ?? UNKNOWN[1]]);
  const allRepeated = found.sameAs !== undefined && counts?.accepted === 0;
  const word = allRepeated
    ? `The same content came before (run ${found.sameAs}); nothing of it is new.`
    : undefined;
  const sentence = problem ?? word;
  return {
    end,
    failed: status === 'failed',
    report: {
      ...about,
      outcome: end,
      ...(cause === undefined ? {} : { cause }),
      ...(sentence === undefined ? {} : { problem: sentence }),
      whatToDo,
      run: run._id,
      ...(counts ? { counts } : {}),
      ...unusable(found.quarantined),
      ...(found.drift && found.drift.length > 0 ? { drift: found.drift } : {}),
      ...(found.sameAs === undefined ? {} : { sameAs: found.sameAs }),
      ...(run.resumed ? { resumed: run.resumed.times } : {}),
      ...(file
        ? { bytes: file.bytes, lines: file.lines, linesCovered: file.linesCovered, sha256: file.sha256 }
        : {}),
      ...(found.facts ? { facts: found.facts } : {}),
      startedAt: run.startedAt,
    },
  };
}
