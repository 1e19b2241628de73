/** What the MongoDB child tells its parent. */
export type FromChild =
  /** Another process holds the data folder; sent at each attempt. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly locked: boolean; readonly reason: string };

/** What the parent tells the child: the Redis to end along with it, should the parent die. */
export type ToChild = { readonly kind: 'guard'; readonly redisPid: number | null };

/** How long a child takes at most to close, ms; then it kills itself, which the journal covers. */
export const CLOSE_WAIT_MS = 15_000;
/** How long a child waits for the lock, ms: longer than a predecessor may take to close. */
export const LOCK_WAIT_MS = CLOSE_WAIT_MS + 5_000;
