export type Event = { readonly atMs: number; readonly order: number; readonly run: () => void };

/** A binary heap: earliest first, in order of arrival at one time. */
export class EventQueue {
  readonly #heap: Event[] = [];

  #isBefore(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a] as Event, this.#heap[b] as Event];
    return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b] as Event, this.#heap[a] as Event];
  }

  push(event: Event): void {
    let at = this.#heap.push(event) - 1;
    while (at > 0 && this.#isBefore(at, (at - 1) >> 1)) {
      this.#swap(at, (at - 1) >> 1);
      at = (at - 1) >> 1;
    }
  }

  shiftUntil(untilMs: number): Event | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > untilMs) return undefined;
    this.#swap(0, this.#heap.length - 1);
    this.#heap.pop();
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.#heap.length && this.#isBefore(child, least)) least = child;
      if (least === at) return first;
      this.#swap(at, least);
      at = least;
    }
  }
}
