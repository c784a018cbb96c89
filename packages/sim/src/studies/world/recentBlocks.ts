// What one node of a study has on its disk: the blocks of the last days. Nothing older is ever asked for.
import type { Hash32 } from "@festina/primitives";
import type { SnailEffect, SnailRecord, SnailStore } from "@festina/snailchain";

/** Several times what freshness and the memory of the chain reach back. */
const BLOCKS_KEPT = 500;

export class RecentBlocks implements SnailStore {
  readonly #records = new Map<Hash32, SnailRecord>();
  readonly #canonical = new Map<number, Hash32>();

  apply(effect: SnailEffect): void {
    if (effect.kind === "storeBlock") {
      const { block, totalDifficulty, stalledSeconds, hash } = effect.entry;
      this.#records.set(hash, { block, totalDifficulty, stalledSeconds });
      if (this.#records.size > BLOCKS_KEPT) this.#records.delete(this.#records.keys().next().value as Hash32);
    }
    if (effect.kind !== "headChanged") return;
    for (const entry of effect.reverted) this.#canonical.delete(entry.block.header.number);
    for (const { block, hash } of effect.applied) {
      this.#canonical.set(block.header.number, hash);
      this.#canonical.delete(block.header.number - BLOCKS_KEPT);
    }
  }

  blockByHash(hash: Hash32): SnailRecord | undefined {
    return this.#records.get(hash);
  }

  canonicalHash(number: number): Hash32 | undefined {
    return this.#canonical.get(number);
  }
}
