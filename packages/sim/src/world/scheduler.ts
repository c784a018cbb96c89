// Virtual time: a heap of events in one total order, first by moment, then by the order in which they were asked for.

export interface ScheduledEvent {
  /** Harmless once it has happened. */
  cancel(): void;
}

class Event implements ScheduledEvent {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | null;

  constructor(atMs: number, order: number, run: () => void) {
    this.atMs = atMs;
    this.order = order;
    this.run = run;
  }

  cancel(): void {
    this.run = null;
  }
}

const comesBefore = (a: Event, b: Event): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

export class Scheduler {
  readonly #heap: Event[] = [];
  #order = 0;
  #nowMs = 0;
  #count = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events that have happened. */
  get count(): number {
    return this.#count;
  }

  after(delayMs: number, run: () => void): ScheduledEvent {
    const event = new Event(this.#nowMs + Math.max(0, delayMs), this.#order++, run);
    this.#push(event);
    return event;
  }

  /** The next thing that is due until then happens; false when there is none, and then the clock stands there. */
  runNext(untilMs: number): boolean {
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= untilMs; first = this.#heap[0]) {
      this.#pop();
      const { run } = first;
      if (run === null) continue;
      this.#nowMs = first.atMs;
      this.#count += 1;
      run();
      return true;
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
    return false;
  }

  /** Lets everything happen that is due until then; the clock stands there afterwards. */
  runUntil(untilMs: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= untilMs; first = this.#heap[0]) {
      this.#pop();
      const { run } = first;
      if (run === null) continue;
      this.#nowMs = first.atMs;
      this.#count += 1;
      run();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Event;
      if (!comesBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && comesBefore(heap[child + 1] as Event, heap[child] as Event)) child += 1;
      const below = heap[child] as Event;
      if (!comesBefore(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}
