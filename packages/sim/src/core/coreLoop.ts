// How a member's core is driven: one input after the other, whatever its effects bring meanwhile; answers that take time,
// and timers, in virtual time.
import type { BftCore, BftEffect, BftInput, TimerName } from "@festina/fastchain";
import type { ScheduledEvent } from "../world/scheduler.ts";
import type { MemberWorld } from "./memberWorld.ts";

export class CoreLoop {
  readonly #world: MemberWorld;
  readonly #run: (effect: BftEffect) => void;
  readonly #inbox: BftInput[] = [];
  readonly #timers = new Map<TimerName, ScheduledEvent>();
  #core: BftCore | null = null;
  #isDraining = false;
  #isStopped = false;

  /** `run` carries out an effect; what it feeds waits for its turn. */
  constructor(world: MemberWorld, run: (effect: BftEffect) => void) {
    this.#world = world;
    this.#run = run;
  }

  /** Of the present epoch. */
  get core(): BftCore | null {
    return this.#core;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Goes on with another epoch's core. */
  enter(core: BftCore): void {
    this.#cancelTimers();
    this.#core = core;
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimers();
  }

  #cancelTimers(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  feed(input: BftInput): void {
    this.#inbox.push(input);
    if (this.#isDraining || this.#isStopped) return;
    this.#isDraining = true;
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        if (this.#isStopped) return;
        for (const effect of this.#core?.step(next) ?? []) this.#run(effect);
      }
    } finally {
      this.#isDraining = false;
    }
  }

  /** Feeds an answer after a while, unless the epoch or the process is over by then. */
  later(delayMs: number, answer: () => BftInput | null): void {
    const core = this.#core;
    this.#world.after(delayMs, () => {
      if (this.#isStopped || core !== this.#core) return;
      const input = answer();
      if (input !== null) this.feed(input);
    });
  }

  setTimer(timer: TimerName, view: number, atMs: number): void {
    this.#timers.get(timer)?.cancel();
    const delayMs = atMs - this.#world.nowMs();
    const event = this.#world.after(delayMs, () =>
      this.feed({ kind: "timerElapsed", timer, view, nowMs: Math.max(atMs, this.#world.nowMs()) }),
    );
    this.#timers.set(timer, event);
  }

  clearTimer(timer: TimerName): void {
    this.#timers.get(timer)?.cancel();
    this.#timers.delete(timer);
  }
}
