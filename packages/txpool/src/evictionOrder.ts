import { BinaryHeap } from "./binaryHeap.ts";
import type { PoolEntry } from "./poolEntry.ts";

/** Peers' entries, the one worth least on top: smallest tip, then latest arrival. */
function compareWorth(a: PoolEntry, b: PoolEntry): number {
  const tipA = a.transaction.maxPriorityFeePerGasWei;
  const tipB = b.transaction.maxPriorityFeePerGasWei;
  if (tipA !== tipB) return tipA < tipB ? -1 : 1;
  return b.sequence - a.sequence;
}

/** Entries that left the pool by another way are skipped when they come up; when they are many, the heap is rebuilt. */
export class EvictionOrder {
  readonly #isWaiting: (entry: PoolEntry) => boolean;
  #heap = new BinaryHeap<PoolEntry>(compareWorth);

  constructor(isWaiting: (entry: PoolEntry) => boolean) {
    this.#isWaiting = isWaiting;
  }

  /** `waitingCount` bounds how many stale entries are kept. */
  add(entry: PoolEntry, waitingCount: number): void {
    this.#heap.push(entry);
    if (this.#heap.size <= 2 * waitingCount + 64) return;
    const live = new BinaryHeap<PoolEntry>(compareWorth);
    for (let item = this.#heap.pop(); item !== undefined; item = this.#heap.pop()) {
      if (this.#isWaiting(item)) live.push(item);
    }
    this.#heap = live;
  }

  /** Those that wait, the one worth least first. Nothing may be added until whoever looks has seen enough. */
  *fromWorst(): Generator<PoolEntry> {
    const seen: PoolEntry[] = [];
    try {
      for (let top = this.#heap.pop(); top !== undefined; top = this.#heap.pop()) {
        if (!this.#isWaiting(top)) continue;
        seen.push(top);
        yield top;
      }
    } finally {
      for (const entry of seen) this.#heap.push(entry);
    }
  }
}
