import type { Hash32 } from "@festina/primitives";
import type { FastBlock } from "@festina/types";
import type { UndoStore } from "./undoStore.ts";

export interface DevSnapshot {
  readonly id: number;
  readonly number: number;
  readonly hash: Hash32;
  readonly nowMs: number;
}

const SNAPSHOTS_MAX = 10_000;

/** The points to which a chain can be taken back: names for what the store remembers. */
export class DevSnapshots {
  readonly #store: UndoStore;
  #taken: DevSnapshot[] = [];
  #serial = 0;

  constructor(store: UndoStore) {
    this.#store = store;
  }

  get all(): readonly DevSnapshot[] {
    return this.#taken;
  }

  /** Answers with its number; the oldest is forgotten where there are very many. */
  take({ header, hash }: FastBlock, nowMs: number): number {
    if (this.#taken.length >= SNAPSHOTS_MAX) {
      this.#taken.shift();
      this.#store.forgetOldest();
    }
    this.#store.snapshot();
    const id = ++this.#serial;
    this.#taken.push({ id, number: header.number, hash, nowMs });
    return id;
  }

  byId(id: number): DevSnapshot | undefined {
    return this.#taken.find((snapshot) => snapshot.id === id);
  }

  /** The store as it was then. The snapshot and all later ones are used up. Nothing else may write meanwhile. */
  async revert(snapshot: DevSnapshot): Promise<void> {
    const index = this.#taken.indexOf(snapshot);
    const depth = this.#store.depth - (this.#taken.length - index);
    this.#taken.length = index;
    await this.#store.revert(depth);
  }

  /** The store has forgotten them. */
  clear(): void {
    this.#taken.length = 0;
  }
}
