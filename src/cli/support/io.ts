import type { Environment } from '../../config/environment.js';

/** What a command has of the process around it. */
export type Io = {
  /** Standard input. */
  readonly in: NodeJS.ReadableStream;
  /** Standard output: data that was asked for with --json (and --help), nothing else. */
  readonly out: (text: string) => void;
  /** Standard error: everything a person reads. */
  readonly err: (text: string) => void;
  /** Standard error is a terminal: progress may be shown. */
  readonly terminal: boolean;
  /** Aborted with the signal's name when the process is asked to end; SIGPIPE when nobody reads its output any more. */
  readonly signal: AbortSignal;
  /** Default: the process's. */
  readonly env?: Environment;
  /** What relative paths start from. */
  readonly cwd: string;
};

/** Resolves when the process is asked to end; never before. */
export const asked = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const SIGNAL_CODES: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGPIPE: 141 };

/** Exit code of a command that was ended by a signal, as shells have it; 1 for any other reason. */
export const exitCodeOf = (reason: unknown): number => SIGNAL_CODES[String(reason)] ?? 1;
