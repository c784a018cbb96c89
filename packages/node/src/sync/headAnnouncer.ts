import type { Clock } from "@festina/primitives";

/** Between two announcements: blocks may follow each other faster than peers grant each other messages of this class. */
const APART_MS = 100;

/** When peers are told how far this node is: after a block unless one came just before, and at every beat in which they were not. */
export class HeadAnnouncer {
  readonly #clock: Clock;
  readonly #tell: () => void;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #isToldThisBeat = false;

  constructor(clock: Clock, tell: () => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  onBlock(): void {
    if (this.#clock.nowMs() < this.#toldAtMs + APART_MS) {
      // The last of a row of blocks is told with the next beat.
      this.#isToldThisBeat = false;
      return;
    }
    this.#announce();
  }

  onBeat(): void {
    if (!this.#isToldThisBeat) this.#announce();
    this.#isToldThisBeat = false;
  }

  #announce(): void {
    this.#toldAtMs = this.#clock.nowMs();
    this.#isToldThisBeat = true;
    this.#tell();
  }
}
