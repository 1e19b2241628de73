export type ProbeResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };
export type Probe<T> = () => Promise<ProbeResult<T>>;

/**
 * A question to a store that may hang: answered in `patienceMs` or not at all. While one is under way no second one is
 * asked, so that callers who come again and again do not pile up behind a store that is away; an answer is used for
 * `freshMs`.
 */
export function probe<T>(ask: () => Promise<T>, options: { patienceMs: number; freshMs?: number }): Probe<T> {
  const { patienceMs, freshMs = 0 } = options;
  let asking: Promise<ProbeResult<T>> | undefined;
  let last: { readonly result: ProbeResult<T>; readonly at: number } | undefined;
  return () => {
    if (last && performance.now() - last.at < freshMs) return Promise.resolve(last.result);
    asking ??= ask()
      .then(
        (value): ProbeResult<T> => {
          last = { result: { ok: true, value }, at: performance.now() };
          return last.result;
        },
        (): ProbeResult<T> => ({ ok: false }),
      )
      .finally(() => {
        asking = undefined;
      });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<ProbeResult<T>>((resolve) => {
      timer = setTimeout(() => resolve({ ok: false }), patienceMs);
    });
    return Promise.race([asking, late]).finally(() => clearTimeout(timer));
  };
}
