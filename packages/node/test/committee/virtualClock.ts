import { setImmediate } from "node:timers/promises";
import type { Clock, Timer } from "@festina/primitives";

interface PendingTimer {
  readonly atMs: number;
  readonly onElapsed: () => void;
}

/** Time that moves only when a test says so. Whatever a timer set off is done before the next one fires. */
export class VirtualClock implements Clock {
  /** Whether something is under way that takes real time, as a disk does: virtual time waits for it. */
  readonly #isBusy: () => boolean;
  #nowMs = 0;
  readonly #timers = new Set<PendingTimer>();

  constructor(isBusy: () => boolean = () => false) {
    this.#isBusy = isBusy;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, onElapsed: () => void): Timer {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), onElapsed };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Lets `ms` pass, or less when `isDone` says so before. False when it never did. */
  async advance(ms: number, isDone: () => boolean = () => false): Promise<boolean> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      // All promises that are ready run on before this one.
      do await setImmediate();
      while (this.#isBusy());
      if (isDone()) return true;
      let next: PendingTimer | null = null;
      for (const timer of this.#timers) if (next === null || timer.atMs < next.atMs) next = timer;
      if (next === null || next.atMs > endMs) break;
      this.#timers.delete(next);
      this.#nowMs = next.atMs;
      next.onElapsed();
    }
    this.#nowMs = endMs;
    return false;
  }
}
