/** Seconds since it was made, to a tenth. */
export function stopwatch(): () => number {
  const begun = performance.now();
  return () => Math.round((performance.now() - begun) / 100) / 10;
}
