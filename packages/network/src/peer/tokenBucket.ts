import { assert } from "@festina/primitives";

/** An allowance that refills evenly: at most `burst` at once, `perSecond` in the long run. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #refilledAtMs: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    assert(perSecond > 0 && burst > 0, "an allowance is positive");
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#refilledAtMs = nowMs;
  }

  /** True when `cost` would be granted now. Grants nothing. */
  covers(cost: number, nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens >= cost;
  }

  /** False when the allowance does not cover `cost`; then nothing is taken. */
  take(cost: number, nowMs: number): boolean {
    if (!this.covers(cost, nowMs)) return false;
    this.#tokens -= cost;
    return true;
  }

  #refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#refilledAtMs);
    this.#refilledAtMs = Math.max(nowMs, this.#refilledAtMs);
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs * this.#perSecond) / 1000);
  }
}
