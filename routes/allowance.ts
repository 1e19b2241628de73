const MINUTE = 60_000;

/**
 * How much of something one key may use: `perMinute` at once after a pause, and as much each minute. What is larger
 * than that is let through when nothing is owed, and then owed: else it could never pass.
 */
export class Allowance {
  readonly #perMinute: number;
  #left: number;
  #at: number;

  constructor(perMinute: number, now: Date) {
    this.#perMinute = perMinute;
    this.#left = perMinute;
    this.#at = now.getTime();
  }

  /** Takes `n` and gives back 0; or takes nothing and gives back the ms after which they may be asked for again. */
  take(n: number, now: Date): number {
    this.#refill(now);
    const wait = this.#msUntil(Math.min(n, this.#perMinute));
    if (wait === 0) this.#left -= n;
    return wait;
  }

  /** Takes `n` in any case; gives back the ms until nothing is owed. */
  owe(n: number, now: Date): number {
    this.#refill(now);
    this.#left -= n;
    return this.#msUntil(0);
  }

  #refill(now: Date): void {
    const passed = Math.max(0, now.getTime() - this.#at); // a clock set back costs nobody anything
    this.#at = now.getTime();
    this.#left = Math.min(this.#perMinute, this.#left + (passed * this.#perMinute) / MINUTE);
  }

  #msUntil(wanted: number): number {
    return this.#left >= wanted ? 0 : Math.ceil(((wanted - this.#left) * MINUTE) / this.#perMinute);
  }
}
