/** The chain's clock: the machine's, shifted, and what the next block's time is to be. Unix milliseconds throughout. */
export class DevTime {
  readonly #machineMs: () => number;
  offsetMs = 0;
  /** Of the next block with transactions. */
  #nextMs: number | null = null;
  /** From one block to the next, whatever the clock says. */
  stepMs: number | null = null;

  constructor(machineMs: () => number) {
    this.#machineMs = machineMs;
  }

  nowMs(): number {
    return Math.floor(this.#machineMs() + this.offsetMs);
  }

  /** From now on it is this time. */
  set(timeMs: number): void {
    this.offsetMs = timeMs - this.#machineMs();
  }

  setNext(timeMs: number): void {
    this.#nextMs = timeMs;
  }

  /** Whether the next block's time is decided already: a block between must not be later. */
  get isFixed(): boolean {
    return this.#nextMs !== null || this.stepMs !== null;
  }

  /** The next block's time; a chosen one is used up, and the clock goes on from it. */
  take(parentMs: number): number {
    const nextMs = this.#nextMs;
    this.#nextMs = null;
    if (nextMs !== null) {
      this.set(nextMs);
      return nextMs;
    }
    return this.stepMs === null ? this.nowMs() : parentMs + this.stepMs;
  }

  /** Forgets what was decided about times to come. */
  clear(): void {
    this.#nextMs = null;
    this.stepMs = null;
  }
}
