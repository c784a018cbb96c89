import { type Clock, repeatEvery, type Timer } from "@festina/primitives";
import type { SyncReport } from "@festina/rpc";
import type { Log } from "../../log.ts";

type Stage = SyncReport["stage"];

const LOG_MS = 2_000;

interface Place {
  readonly done: number;
  /** From 0 to 1. */
  readonly share: number | null;
}

/** How far catching up has come, how fast it goes and how long it will take: for the log and for who asks. */
export class SyncProgress {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #highest: () => number;
  #stage: Stage | null = null;
  #sinceMs = 0;
  #first: Place = { done: 0, share: 0 };
  #read: () => Place = () => ({ done: 0, share: null });
  #timer: Timer | null = null;

  constructor(log: Log, clock: Clock, highest: () => number) {
    this.#highest = highest;
    this.#log = log;
    this.#clock = clock;
  }

  enter(stage: Stage, done = 0): void {
    if (stage === this.#stage) return;
    this.#stage = stage;
    this.#sinceMs = this.#clock.nowMs();
    this.#first = { done, share: null };
    this.#read = () => ({ done, share: null });
    this.#timer ??= repeatEvery(this.#clock, LOG_MS, () => this.#tell());
  }

  report(done: number, target: number | null): void {
    const share = target === null || target === 0 ? null : Math.min(1, done / target);
    if (this.#first.share === null && target !== null && target > 0)
      this.#first = { ...this.#first, share: this.#first.done / target };
    this.#read = () => ({ done, share });
  }

  /** Asked whenever somebody wants to know. */
  follow(read: (() => Place) | null): void {
    if (read === null) return;
    this.#first = read();
    this.#read = read;
  }

  leave(): void {
    this.#tell();
    this.#stage = null;
    this.#timer?.cancel();
    this.#timer = null;
  }

  describe(): SyncReport | null {
    if (this.#stage === null) return null;
    const { done, share } = this.#read();
    const seconds = Math.max(0.001, (this.#clock.nowMs() - this.#sinceMs) / 1_000);
    const moved = share === null || this.#first.share === null ? 0 : share - this.#first.share;
    return {
      stage: this.#stage,
      done,
      share,
      perSecond: Math.round((done - this.#first.done) / seconds),
      highestNumber: this.#highest(),
      secondsLeft: share === null || moved <= 0 ? null : Math.ceil(((1 - share) / moved) * seconds),
    };
  }

  #tell(): void {
    const report = this.describe();
    if (report === null) return;
    const { stage, done, share, perSecond, secondsLeft } = report;
    this.#log.info("syncProgress", {
      stage,
      done,
      percent: share === null ? null : Math.round(share * 100),
      perSecond,
      secondsLeft,
    });
  }
}
