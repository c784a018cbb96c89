import type { Hash32 } from "@festina/primitives";
import type { Ancestry } from "../block/ancestry.ts";
import { computePowSample } from "./powKey.ts";

/** The hashes of a data set's sample from its newest, which is the key, downwards; nothing for a key nobody knows. */
export function* readPowSample(ancestry: Ancestry, powKey: Hash32, epochBlocks: number): Generator<Hash32> {
  const newest = ancestry.byHash(powKey)?.block.header.number;
  if (newest === undefined) return;
  // The sample of an epoch lies in the one before.
  const { first, last } = newest === 0 ? { first: 0, last: 0 } : computePowSample(newest + epochBlocks, epochBlocks);
  if (last !== newest) return;
  let hash: Hash32 | undefined = powKey;
  for (let number = last; number >= first && hash !== undefined; number--) {
    yield hash;
    // On the best chain the list of its hashes answers; elsewhere blocks name their parents.
    const isCanonical: boolean = ancestry.canonicalHash(number) === hash;
    hash = isCanonical ? ancestry.canonicalHash(number - 1) : ancestry.byHash(hash)?.block.header.parentHash;
  }
}
