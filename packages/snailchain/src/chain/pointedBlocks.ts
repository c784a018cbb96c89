import type { Hash32 } from "@festina/primitives";
import type { Checkpoint } from "./forkChoice.ts";

/** The lowest are forgotten beyond this; those above them say the same once they come. */
const AWAITED_MAX = 256;

/**
 * What committed fast blocks point to, of which the newest is the checkpoint. One descends from the other, so a chain that
 * lacks an older one cannot contain a newer one either: this counts while the newer ones are still on their way.
 */
export class PointedBlocks {
  #settled: Checkpoint;
  /** By number, lowest first, all above `settled`. */
  readonly #awaited = new Map<number, Hash32>();

  constructor(genesis: Checkpoint) {
    this.#settled = genesis;
  }

  /** The newest of those that have come. */
  get settled(): Checkpoint {
    return this.#settled;
  }

  add(pointer: Checkpoint, isKnown: boolean): void {
    if (isKnown) this.#settle(pointer);
    else this.#awaited.set(pointer.number, pointer.hash);
    if (this.#awaited.size <= AWAITED_MAX) return;
    const [lowest] = this.#awaited.keys();
    if (lowest !== undefined) this.#awaited.delete(lowest);
  }

  /** A valid block has come. Whether it is the newest now of those that are pointed to. */
  arrived(number: number, hash: Hash32): boolean {
    if (this.#awaited.get(number) !== hash) return false;
    this.#settle({ number, hash });
    return true;
  }

  #settle(pointer: Checkpoint): void {
    this.#settled = pointer;
    for (const number of this.#awaited.keys()) if (number <= pointer.number) this.#awaited.delete(number);
  }
}
