import { isRedressError } from '../../complaint/errors.js';
import { explain } from './errors.js';

/** What `redress doctor` saw. A problem is a sentence with its cure. */
export type Report = { readonly facts: Record<string, string>; readonly problems: string[] };

export const withoutPrefix = (error: unknown): string =>
  isRedressError(error) ? error.message.replace(/^\[redress\] (\[[\w-]+\] )?/, '') : explain(error);

/** Runs a check; what it throws is a problem. Returns whether it went well. */
export async function attempt(report: Report, work: () => unknown): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    report.problems.push(withoutPrefix(error));
    return false;
  }
}
