import { fail, ok, type Result } from "@festina/primitives";

const secondAfterMs = (timeMs: number): number => (Math.floor(timeMs / 1000) + 1) * 1000;

/** The chain's clock: the machine's, shifted, and what the next block's time is to be. Unix milliseconds throughout. */
export class DevTime {
  readonly #machineMs: () => number;
  readonly #sharesSeconds: boolean;
  offsetMs = 0;
  /** Of the next block with transactions. */
  #nextMs: number | null = null;
  /** From one block to the next, whatever the clock says. */
  stepMs: number | null = null;

  /** `sharesSeconds`: a block may be in its parent's second; otherwise its timestamp is greater, as Ethereum has it. */
  constructor(machineMs: () => number, sharesSeconds: boolean) {
    this.#machineMs = machineMs;
    this.#sharesSeconds = sharesSeconds;
  }

  nowMs(): number {
    return Math.floor(this.#machineMs() + this.offsetMs);
  }

  /** From now on it is this time. */
  set(timeMs: number): void {
    this.offsetMs = timeMs - this.#machineMs();
  }

  /** It is this time at least. */
  reach(timeMs: number): void {
    if (this.nowMs() < timeMs) this.set(timeMs);
  }

  /** As a chain begins: at this time, or by the machine's clock. */
  begin(timeMs: number | null): void {
    if (timeMs === null) this.offsetMs = 0;
    else this.set(timeMs);
  }

  /** Blocks that follow each other quickly are ahead of the clock, which does not go behind them. */
  shift(byMs: number, headSeconds: number): void {
    const headMs = headSeconds * 1000;
    this.set(Math.max(Math.max(this.nowMs(), headMs) + byMs, headMs));
  }

  setNext(timeMs: number, headSeconds: number): Result<void, "TIME_NOT_LATER"> {
    // A block in its parent's second comes a millisecond after it.
    const isLate = this.#sharesSeconds ? timeMs >= headSeconds * 1000 : timeMs > headSeconds * 1000;
    if (!isLate)
      return fail("TIME_NOT_LATER", `timestamp ${timeMs / 1000} is not later than the newest block's, ${headSeconds}`);
    this.#nextMs = timeMs;
    return ok(undefined);
  }

  /** Whether the next block's time is decided already: a block between must not be later. */
  get isFixed(): boolean {
    return this.#nextMs !== null || this.stepMs !== null;
  }

  /** The next block's time, left as it is. */
  peek(parentMs: number): number {
    if (this.#nextMs !== null) return this.#nextMs;
    if (this.stepMs !== null) return parentMs + this.stepMs;
    // The clock is left alone: where blocks come faster than seconds it catches up with them later.
    return this.#sharesSeconds ? this.nowMs() : Math.max(this.nowMs(), secondAfterMs(parentMs));
  }

  /** The next block's time; a chosen one is used up, and the clock goes on from it. */
  take(parentMs: number): number {
    const timeMs = this.peek(parentMs);
    if (this.#nextMs !== null) this.set(timeMs);
    this.#nextMs = null;
    return timeMs;
  }

  /** Forgets what was decided about times to come. */
  clear(): void {
    this.#nextMs = null;
    this.stepMs = null;
  }
}
