import type { Hash32 } from "@festina/primitives";
import type { FastBlock } from "@festina/types";
import type { UndoStore } from "./undoStore.ts";

/** A moment to which a chain can be taken back. */
export interface ReturnPoint {
  /** Of its newest block then. */
  readonly number: number;
  readonly hash: Hash32;
  /** The chain's clock then, in Unix milliseconds. */
  readonly nowMs: number;
  /** The number that the developer knows it by; `null` for those that each block brings. */
  readonly snapshot: number | null;
}

interface Marked extends ReturnPoint {
  readonly mark: number;
  /** So many were written between it and the next point. */
  keys: number;
}

const SNAPSHOTS_MAX = 10_000;
/** Blocks without a snapshot that can be taken back; what they replaced is held in memory. */
const BLOCKS_MAX = 256;
/** For their sake together: some 8 MB at a few hundred bytes a key. */
const KEYS_MAX = 20_000;

/** Where a chain can be taken back to: names for what the store remembers. In order of time. */
export class ReturnPoints {
  readonly #store: UndoStore;
  #points: Marked[] = [];
  #snapshots = 0;

  constructor(store: UndoStore) {
    this.#store = store;
  }

  get snapshots(): readonly (ReturnPoint & { readonly snapshot: number })[] {
    return this.#points.filter((point): point is Marked & { snapshot: number } => point.snapshot !== null);
  }

  /** Answers with its number; the oldest is forgotten where there are very many. */
  takeSnapshot(head: FastBlock, nowMs: number): number {
    const taken = this.snapshots;
    if (taken.length >= SNAPSHOTS_MAX && taken[0] !== undefined) this.forget(taken[0]);
    const snapshot = ++this.#snapshots;
    this.#add(head, nowMs, snapshot);
    return snapshot;
  }

  /** This block is the newest now. */
  reach(head: FastBlock, nowMs: number): void {
    if (this.newestAt(head.header.number) !== undefined) return;
    this.#add(head, nowMs, null);
    this.#forgetOldBlocks();
  }

  #add({ header, hash }: FastBlock, nowMs: number, snapshot: number | null): void {
    const last = this.#points.at(-1);
    if (last !== undefined) last.keys = this.#store.writtenAfter(last.mark);
    this.#points.push({ number: header.number, hash, nowMs, snapshot, mark: this.#store.mark(), keys: 0 });
  }

  #forgetOldBlocks(): void {
    const blocks = this.#points.filter(({ snapshot }) => snapshot === null);
    let keys = 0;
    let kept = 0;
    for (const point of blocks.toReversed()) {
      keys += point.keys;
      if (kept > 0 && (kept >= BLOCKS_MAX || keys > KEYS_MAX)) break;
      kept += 1;
    }
    for (const point of blocks.slice(0, blocks.length - kept)) this.forget(point);
  }

  bySnapshot(snapshot: number): ReturnPoint | undefined {
    return this.#points.find((point) => point.snapshot === snapshot);
  }

  /** The last moment at which the chain had just so many blocks. */
  newestAt(number: number): ReturnPoint | undefined {
    return this.#points.findLast((point) => point.number === number);
  }

  /** Takes the store back to it; it stays, later ones are gone. Nothing else may write to the store meanwhile. */
  async returnTo(point: ReturnPoint): Promise<void> {
    const index = this.#points.indexOf(point as Marked);
    this.#points.length = index + 1;
    await this.#store.revert((point as Marked).mark);
  }

  forget(point: ReturnPoint): void {
    const index = this.#points.indexOf(point as Marked);
    if (index < 0) return;
    this.#points.splice(index, 1);
    this.#store.forget((point as Marked).mark);
  }

  /** The store has forgotten them. */
  clear(): void {
    this.#points = [];
  }
}
