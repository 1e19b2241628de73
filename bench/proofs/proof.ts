import type { Moment } from './moments.js';
import type { Report } from './report.js';
import type { Workload } from './work.js';

export type ProofOptions = {
  readonly files: readonly Workload[];
  /** Random moments follow from it. */
  readonly seed: number;
  /** How often each part is killed. */
  readonly kills: { readonly service: number; readonly mongodb: number; readonly redis: number };
  /** When to kill, in place of random moments. */
  readonly moments?: readonly Moment[];
  /** Slack messages a second and channel. */
  readonly rate: number;
  /** Keep folder and logs also if all went well. */
  readonly keep: boolean;
  /** Of `lanes`: rows of the bulk load, and how many live posts come beside it; absent: 5 a second to its end. */
  readonly rows?: number;
  readonly livePosts?: number;
  /** Of `lanes`: minutes to go on when all rows are accepted, with the rest left waiting; absent: until none waits. */
  readonly drainFor?: number;
  /** Of the proof `files`: rows of its file, and kills of the service while it is read. */
  readonly dropped?: { readonly rows: number; readonly kills: number };
  /** A line for people, as it happens. */
  readonly say: (line: string) => void;
  /** Settings of the service beyond the proof's own, as environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
};

/** Something about Redress that is shown by doing it, with real processes. */
export type Proof = {
  readonly name: string;
  readonly about: string;
  /** Rejects with a RedressError that names expectation, finding and logs if a wait is over without its event. */
  run(options: ProofOptions): Promise<Report>;
};
