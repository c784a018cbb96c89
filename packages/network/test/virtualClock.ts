import type { Clock, Timer } from "@festina/primitives";

interface PendingTimer {
  readonly atMs: number;
  readonly onElapsed: () => void;
}

/** Time that moves only when a test says so; timers fire in order of their moment, then of their setting. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #timers: PendingTimer[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, onElapsed: () => void): Timer {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), onElapsed };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** Also lets every promise that becomes ready run on. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      await settlePromises();
      const next = this.#timers.reduce<PendingTimer | undefined>(
        (best, timer) => (best === undefined || timer.atMs < best.atMs ? timer : best),
        undefined,
      );
      if (next === undefined || next.atMs > endMs) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = next.atMs;
      next.onElapsed();
    }
    this.#nowMs = endMs;
  }

  get timers(): readonly PendingTimer[] {
    return this.#timers;
  }
}

async function settlePromises(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve();
}
