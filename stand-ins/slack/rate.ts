/** Token bucket per key. `take` returns 0 if there was a token, else the whole seconds to wait (Retry-After). */
export function rateLimiter(perSecond: number, burst: number, now: () => number) {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key: string): number {
      if (perSecond === Infinity) return 0;
      const at = now();
      const bucket = buckets.get(key) ?? { tokens: burst, at };
      const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1e3) * perSecond);
      const enough = tokens >= 1;
      buckets.set(key, { tokens: enough ? tokens - 1 : tokens, at });
      return enough ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond));
    },
  };
}
