import { RedressError } from '../complaint/errors.js';

/** One thing wrong with the configuration. Never holds a secret's value. */
export type Problem = {
  readonly code: string;
  /** `config/redress.yaml:12`, `REDRESS_HTTP_PORT`, ... */
  readonly where: string;
  /** A sentence. */
  readonly problem: string;
  /** A sentence. */
  readonly fix: string;
};

/** Throws if there is any: all of them at once, so that an operator corrects a file in one go. */
export function raise(problems: readonly Problem[]): void {
  const [first, ...more] = problems;
  if (first === undefined) return;
  if (more.length === 0) {
    throw new RedressError('config', first.code, `${first.where}: ${first.problem}`, first.fix);
  }
  const lines = problems.map((p) => `\n  - ${p.where}: ${p.problem} ${p.fix}`);
  throw new RedressError(
    'config',
    first.code,
    `${problems.length} things are wrong:${lines.join('')}\n`,
    'Correct them and try again.',
  );
}

/** With a full stop, unless it has an end already. */
export const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);
