import type { Hash32 } from "@festina/primitives";
import { hashFruit } from "@festina/types";
import type { SnailRecord } from "../ports.ts";

/** A valid block with what rules keep asking about it. */
export interface SnailEntry extends SnailRecord {
  readonly hash: Hash32;
  readonly fruitHashes: ReadonlySet<Hash32>;
}

/** What the rules need to know about valid blocks, on whichever branch. */
export interface Ancestry {
  byHash(hash: Hash32): SnailEntry | undefined;
  /** The block at `number` in the chain that ends in `hash`, that block included; `undefined` above it. */
  ancestor(hash: Hash32, number: number): Hash32 | undefined;
  /** Of the best chain. */
  canonicalHash(number: number): Hash32 | undefined;
}

export function createSnailEntry(hash: Hash32, record: SnailRecord): SnailEntry {
  const { block, totalDifficulty, stalledSeconds } = record;
  return { hash, block, totalDifficulty, stalledSeconds, fruitHashes: new Set(block.fruits.map(hashFruit)) };
}

/** Whether `number`/`hash` lies in the chain that ends in `tip`. */
export function isInChain(ancestry: Ancestry, tip: Hash32, number: number, hash: Hash32): boolean {
  return ancestry.ancestor(tip, number) === hash;
}

/** Up to `count` entries from `tip` downwards. */
export function* lastEntries(ancestry: Ancestry, tip: Hash32, count: number): Generator<SnailEntry> {
  let entry = ancestry.byHash(tip);
  for (let taken = 0; entry !== undefined && taken < count; taken++) {
    yield entry;
    entry = entry.block.header.number === 0 ? undefined : ancestry.byHash(entry.block.header.parentHash);
  }
}
