/** What goes wrong with one call. `method` (e.g. `chat.postMessage`) narrows it; `times` repeats it, default 1. */
export type Fault = { readonly method?: string; readonly times?: number } & (
  | { readonly kind: 'ok' }
  /** Another HTTP status before the work; body text/plain. */
  | { readonly kind: 'http'; readonly status: number }
  /** HTTP 429; `retryAfter` is the header as sent, null leaves it out. */
  | { readonly kind: 'rate_limited'; readonly retryAfter?: string | null }
  /** HTTP 200 with ok:false. */
  | { readonly kind: 'error'; readonly error: string }
  /** HTTP 200 with this text for a body, before the work. */
  | { readonly kind: 'body'; readonly body: string }
  /** TCP reset before the work. */
  | { readonly kind: 'reset' }
  /** Does the work, then drops the connection without an answer. */
  | { readonly kind: 'drop' }
  /** Does the work, then never answers: the client's time-out. */
  | { readonly kind: 'stall' }
  /** Does the work, then answers HTTP 500. */
  | { readonly kind: 'fail_after' }
);

/** A queue of faults: each call takes the first that fits its method. */
export function faultScript() {
  const queue: { fault: Fault; left: number }[] = [];
  return {
    add: (faults: readonly Fault[]): void => {
      for (const fault of faults) queue.push({ fault, left: fault.times ?? 1 });
    },
    take: (method: string): Fault => {
      const at = queue.findIndex(({ fault }) => fault.method === undefined || fault.method === method);
      const next = queue[at];
      if (next === undefined) return { kind: 'ok' };
      next.left -= 1;
      if (next.left <= 0) queue.splice(at, 1);
      return next.fault;
    },
  };
}
