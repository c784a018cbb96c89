import type { TimerName } from "@festina/fastchain";
import type { Clock, Timer } from "@festina/primitives";

/** The timers of a consensus core: one of each name, set to a moment of the monotonic clock. */
export class ViewTimers {
  readonly #clock: Clock;
  readonly #running = new Map<TimerName, Timer>();
  readonly #onElapsed: (timer: TimerName, view: number, nowMs: number) => void;

  constructor(clock: Clock, onElapsed: (timer: TimerName, view: number, nowMs: number) => void) {
    this.#clock = clock;
    this.#onElapsed = onElapsed;
  }

  /** Replaces the timer of that name. */
  set(timer: TimerName, view: number, atMs: number): void {
    this.clear(timer);
    // A timeout may fire a fraction of a millisecond early; the core must never see a clock before the set moment.
    const elapsed = (): void => this.#onElapsed(timer, view, Math.max(this.#clock.nowMs(), atMs));
    this.#running.set(timer, this.#clock.setTimer(Math.max(0, atMs - this.#clock.nowMs()), elapsed));
  }

  clear(timer: TimerName): void {
    this.#running.get(timer)?.cancel();
    this.#running.delete(timer);
  }

  clearAll(): void {
    for (const timer of [...this.#running.keys()]) this.clear(timer);
  }
}
