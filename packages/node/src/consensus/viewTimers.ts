import type { TimerName } from "@festina/fastchain";

/** The timers of a consensus core: one of each name, set to a moment of the monotonic clock. */
export class ViewTimers {
  readonly #running = new Map<TimerName, NodeJS.Timeout>();
  readonly #onElapsed: (timer: TimerName, view: number, nowMs: number) => void;

  constructor(onElapsed: (timer: TimerName, view: number, nowMs: number) => void) {
    this.#onElapsed = onElapsed;
  }

  /** Replaces the timer of that name. */
  set(timer: TimerName, view: number, atMs: number): void {
    this.clear(timer);
    // A timeout may fire a fraction of a millisecond early; the core must never see a clock before the set moment.
    const elapsed = (): void => this.#onElapsed(timer, view, Math.max(performance.now(), atMs));
    this.#running.set(timer, setTimeout(elapsed, Math.max(0, atMs - performance.now())));
  }

  clear(timer: TimerName): void {
    clearTimeout(this.#running.get(timer));
    this.#running.delete(timer);
  }

  clearAll(): void {
    for (const timer of [...this.#running.keys()]) this.clear(timer);
  }
}
