import { describe, expect, it } from "@jest/globals";
import { type Clock, pause, repeatEvery } from "../src/clock.ts";

/** One timer at a time is all these tests need. */
class OneTimerClock implements Clock {
  #nowMs = 0;
  #waiting: { readonly atMs: number; readonly onElapsed: () => void } | null = null;

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, onElapsed: () => void): { cancel(): void } {
    const timer = { atMs: this.#nowMs + delayMs, onElapsed };
    this.#waiting = timer;
    return {
      cancel: () => {
        if (this.#waiting === timer) this.#waiting = null;
      },
    };
  }

  advanceTo(ms: number): void {
    for (let next = this.#waiting; next !== null && next.atMs <= ms; next = this.#waiting) {
      this.#nowMs = next.atMs;
      this.#waiting = null;
      next.onElapsed();
    }
    this.#nowMs = ms;
  }
}

describe("repeatEvery", () => {
  it("calls once per period until it is cancelled, also from inside", () => {
    const clock = new OneTimerClock();
    const calls: number[] = [];
    const timer = repeatEvery(clock, 10, () => {
      calls.push(clock.nowMs());
      if (calls.length === 3) timer.cancel();
    });
    clock.advanceTo(9);
    expect(calls).toEqual([]);
    clock.advanceTo(100);
    expect(calls).toEqual([10, 20, 30]);
  });

  it("goes on after an action that throws", () => {
    const clock = new OneTimerClock();
    repeatEvery(clock, 10, () => {
      throw new Error("planted");
    });
    expect(() => clock.advanceTo(10)).toThrow("planted");
    expect(() => clock.advanceTo(20)).toThrow("planted");
  });
});

describe("pause", () => {
  it("resolves when its time has come and not before", async () => {
    const clock = new OneTimerClock();
    let isOver = false;
    const pausing = pause(clock, 5).then(() => {
      isOver = true;
    });
    clock.advanceTo(4);
    await Promise.resolve();
    expect(isOver).toBe(false);
    clock.advanceTo(5);
    await pausing;
    expect(isOver).toBe(true);
  });
});
