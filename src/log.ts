/** Every event that may be logged. A line carries ids, counts, durations and codes; never text or foreign messages. */
export const EVENTS = [
  'started',
  'stopping',
  'stopped',
  'engine',
  'queue_error',
  'transform_done',
  'transform_retry',
  'record_quarantined',
  'inference',
  'deliver_done',
  'destination_waits',
  'run_started',
  'run_ended',
  'run_interrupted',
  'run_resumed',
  'inbox_file',
  'inbox_failed',
  'alarm_raised',
  'alarm_resolved',
  'alarm_lost',
  'request_failed',
  'tick_failed',
] as const;
export type LogEvent = (typeof EVENTS)[number];
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** What a setting may ask for; `silent` logs nothing. */
export type LeastLevel = LogLevel | 'trace' | 'fatal' | 'silent';
export type Log = (level: LogLevel, event: LogEvent, fields?: Record<string, unknown>) => void;

const RANK: Record<LeastLevel, number> = {
  trace: 0,
  debug: 1,
  info: 2,
  warn: 3,
  error: 4,
  fatal: 5,
  silent: 6,
};

/** One JSON line an event to `write` (standard error by default). */
export function createLog(
  least: LeastLevel,
  now: () => Date,
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Log {
  return (level, event, fields = {}) => {
    if (RANK[level] >= RANK[least])
      write(`${JSON.stringify({ at: now().toISOString(), level, event, ...fields })}\n`);
  };
}

/** What may be logged of a foreign error: its name and code, as its message may hold anything. */
export const errorFields = (error: unknown): { error: string; code?: string } => {
  const { name, code } = (error ?? {}) as { name?: string; code?: unknown };
  return { error: name ?? typeof error, ...(code === undefined ? {} : { code: String(code) }) };
};
