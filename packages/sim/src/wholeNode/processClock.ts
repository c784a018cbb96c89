// The clocks of one process between its start and its end: timers die with it, wait while it is paused, and run by a rate
// that may differ from the world's.
import type { Clock, Timer } from "@festina/primitives";
import type { Scheduler } from "../world/scheduler.ts";

export interface ProcessTime {
  /** Seconds of this process per second of the world. */
  readonly rate: number;
  /** What its wall clock shows when the world's shows 0: Unix milliseconds. */
  wallOffsetMs: number;
}

/** What a process may do between its start and its end. */
export class ProcessClock implements Clock {
  readonly #scheduler: Scheduler;
  readonly #time: ProcessTime;
  #isDead = false;
  /** What came while the process was paused. */
  #held: (() => void)[] | null = null;

  constructor(scheduler: Scheduler, time: ProcessTime) {
    this.#scheduler = scheduler;
    this.#time = time;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isPaused(): boolean {
    return this.#held !== null && !this.#isDead;
  }

  nowMs(): number {
    return this.#scheduler.nowMs * this.#time.rate;
  }

  wallMs(): number {
    return Math.floor(this.#time.wallOffsetMs + this.nowMs());
  }

  setTimer(delayMs: number, onElapsed: () => void): Timer {
    return this.#scheduler.after(delayMs / this.#time.rate, () => this.run(onElapsed));
  }

  /** Everything that happens to the process from outside comes through here. */
  run(action: () => void): void {
    if (this.#isDead) return;
    if (this.#held === null) action();
    else this.#held.push(action);
  }

  pause(): void {
    this.#held ??= [];
  }

  /** What was held happens now, in order. */
  resume(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const action of held) this.#scheduler.after(0, () => this.run(action));
  }

  /** Nothing happens to it any more. */
  end(): void {
    this.#isDead = true;
    this.#held = null;
  }
}
