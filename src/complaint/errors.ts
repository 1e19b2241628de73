/**
 * The one error type of the product: says which component, what was wrong, and how to get out of it.
 * `message` may hold settings, paths and ids, never complaint text or secrets.
 */
export class RedressError extends Error {
  override readonly name = 'RedressError';
  /** Machine word, stable: tests and exit codes go by it. */
  readonly code: string;
  /** Part of the product: `config`, `embedded-mongodb`, `import`, ... */
  readonly component: string;
  /** One sentence: what the reader should do now. */
  readonly fix: string;

  constructor(component: string, code: string, problem: string, fix: string, options?: ErrorOptions) {
    super(`[redress] [${component}] ${problem} ${fix}`, options);
    this.component = component;
    this.code = code;
    this.fix = fix;
  }
}

/** By name, not by class: errors cross realms in tests and threads. */
export const isRedressError = (e: unknown): e is RedressError =>
  typeof e === 'object' && e !== null && (e as Error).name === 'RedressError';
