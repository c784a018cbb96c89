// Fruits on their way: found, shown to everybody, packed by nobody for good. A node takes those that have reached it when it
// is about to need them, which is when it has found a block; its pool then judges them as it would have on arrival.
import type { Hash32 } from "@festina/primitives";
import type { FruitPool, HashedFruit } from "@festina/snailchain";
import { hashFruit, type SnailBlock } from "@festina/types";

interface OpenFruit extends HashedFruit {
  readonly finder: number;
  readonly foundMs: number;
  /** In [0, 1): where in the range of delays this fruit's lie. */
  readonly lot: number;
}

/** Its multiples, modulo 1, fill the unit interval evenly. */
const GOLDEN = 0.618_033_988_749_894_9;

/** Milliseconds that a message takes between two nodes whose lot, in [0, 1), is `share`. */
export type DelayRule = (from: number, to: number, share: number) => number;

export class OpenFruits {
  readonly #fruits = new Map<Hash32, OpenFruit>();
  readonly #delayMs: DelayRule;
  readonly #freshnessBlocks: number;

  constructor(delayMs: DelayRule, freshnessBlocks: number) {
    this.#delayMs = delayMs;
    this.#freshnessBlocks = freshnessBlocks;
  }

  show(found: HashedFruit, finder: number, foundMs: number, lot: number): void {
    this.#fruits.set(found.hash, { ...found, finder, foundMs, lot });
  }

  /** Hands over what has reached the node with this index and is not in its pool. */
  deliver(node: number, pool: FruitPool, nowMs: number): void {
    for (const { fruit, hash, finder, foundMs, lot } of this.#fruits.values()) {
      const arrivalMs = foundMs + this.#delayMs(finder, node, (lot + node * GOLDEN) % 1);
      if (arrivalMs <= nowMs && pool.get(hash) === undefined) pool.add(fruit, null);
    }
  }

  /** This block can never be reorganised away, nor can what it packs be packed again. */
  settle({ header, fruits }: SnailBlock): void {
    for (const fruit of fruits) this.#fruits.delete(hashFruit(fruit));
    for (const [hash, { fruit }] of this.#fruits) {
      // Its number is above its pointer's, so by then it is stale wherever it points.
      if (fruit.header.number + this.#freshnessBlocks > header.number) break;
      this.#fruits.delete(hash);
    }
  }
}
