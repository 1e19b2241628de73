import { isRedressError } from '../../complaint/errors.js';
import { errorFields } from '../../log.js';
import { packageVersion } from '../../paths.js';
import { isConnectionFailure } from '../../store/steady.js';

/**
 * What a person is told of an error. A foreign error's message may hold anything, so only its name, code and the places
 * in the code are shown.
 */
export function explain(error: unknown): string {
  if (isRedressError(error)) return error.message;
  const { error: name, code } = errorFields(error ?? {}); // anything can be thrown
  const what = code === undefined ? name : `${name}, ${code}`;
  if (isConnectionFailure(error))
    return `[redress] [cli] The database went away while the command ran (${what}). Run it again; if the process that owned the engines has ended, the next run starts them.`;
  const places = String((error as Error | undefined)?.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6);
  return [
    `[redress] [cli] Unexpected error (${what}). Please report it with the lines below; Redress ${packageVersion}, Node ${process.version}.`,
    ...places,
  ].join('\n');
}
