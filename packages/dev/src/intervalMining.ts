import { type Clock, repeatEvery, type Timer } from "@festina/primitives";

/** Makes a block again and again; while one is not done, the next is left out. */
export class IntervalMining {
  readonly #clock: Clock;
  readonly #make: () => Promise<void>;
  #timer: Timer | null = null;
  #isMaking = false;
  periodMs = 0;

  constructor(clock: Clock, make: () => Promise<void>) {
    this.#clock = clock;
    this.#make = make;
  }

  /** 0 ends it. */
  set(periodMs: number): void {
    this.#timer?.cancel();
    this.periodMs = periodMs;
    this.#timer = periodMs === 0 ? null : repeatEvery(this.#clock, periodMs, () => void this.#makeOne());
  }

  async #makeOne(): Promise<void> {
    if (this.#isMaking) return;
    this.#isMaking = true;
    try {
      await this.#make();
    } finally {
      this.#isMaking = false;
    }
  }
}
