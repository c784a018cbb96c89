import { assert, type Hash32 } from "@festina/primitives";
import { type Fruit, hashFruit, type SnailBlock, type SnailHeader } from "@festina/types";
import { verifyFruitFields, verifyFruitWork } from "../fruit/verifyFruit.ts";
import { computePowKey } from "../pow/powKey.ts";
import { invalid, pending, VALID, type Verdict } from "../verdict.ts";
import { isInChain, lastEntries, type SnailEntry } from "./ancestry.ts";
import type { SnailContext } from "./verifySnailHeader.ts";

/** Whether each fruit may be packed by this block: once, fresh, under its packer's anchor, with its work. Work last. */
export function verifyPackedFruits(block: SnailBlock, parent: SnailEntry, context: SnailContext): Verdict {
  const packed = new Set<Hash32>();
  const isPacked = createPackedLookup(parent, context);
  for (const fruit of block.fruits) {
    const hash = hashFruit(fruit);
    if (packed.has(hash) || isPacked(fruit, hash))
      return invalid("FRUIT_ALREADY_PACKED", `fruit ${hash} is packed twice`);
    packed.add(hash);
    const verdict = verifyPackedFields(fruit.header, block.header, parent, context);
    if (verdict.kind !== "valid") return verdict;
  }
  for (const fruit of block.fruits) {
    const work = verifyPackedWork(fruit.header, parent, context);
    if (work.kind !== "valid") return work;
  }
  return VALID;
}

/**
 * A fruit is packable only while fresh and by no block below its number, so an earlier packer lies within the last
 * `freshnessBlocks` ancestors and not below that number: for most fruits there is none to look at.
 */
function createPackedLookup(parent: SnailEntry, context: SnailContext): (fruit: Fruit, hash: Hash32) => boolean {
  const recent = [...lastEntries(context.ancestry, parent.hash, context.spec.preset.freshnessBlocks)];
  return ({ header }, hash) => {
    for (const { block, fruitHashes } of recent) {
      if (block.header.number < header.number) return false;
      if (fruitHashes.has(hash)) return true;
    }
    return false;
  };
}

function verifyPackedFields(
  fruit: SnailHeader,
  packer: SnailHeader,
  parent: SnailEntry,
  context: SnailContext,
): Verdict {
  const { spec, ancestry, fastView } = context;
  const pointer = ancestry.byHash(fruit.pointerHash);
  if (pointer === undefined || !isInChain(ancestry, parent.hash, pointer.block.header.number, pointer.hash)) {
    return invalid("FRUIT_POINTER_OFF_CHAIN", "the pointer is no ancestor of the packer");
  }
  const fields = verifyFruitFields(fruit, pointer.block.header, packer.number, spec);
  if (fields.kind !== "valid") return fields;
  if (fruit.anchorNumber > packer.anchorNumber) {
    return invalid("FRUIT_ANCHOR_OUT_OF_RANGE", `anchor ${fruit.anchorNumber} above its packer's`);
  }
  const anchor = fastView.committed(fruit.anchorNumber);
  if (anchor === undefined) return pending({ why: "unknownFastBlock", what: fruit.anchorNumber });
  if (anchor.hash !== fruit.anchorHash) {
    return invalid("FRUIT_ANCHOR_NOT_COMMITTED", `another fast block is committed at ${fruit.anchorNumber}`);
  }
  return VALID;
}

/** A fresh fruit's epoch was sampled before its pointer (`freshnessBlocks` is below what the sample leaves). */
function verifyPackedWork(fruit: SnailHeader, parent: SnailEntry, context: SnailContext): Verdict {
  const { spec, engine, ancestry } = context;
  const powKey = computePowKey(engine, fruit.number, spec.preset.powEpochBlocks, (number) =>
    ancestry.ancestor(parent.hash, number),
  );
  assert(powKey !== undefined, "a known parent has all its ancestors");
  return verifyFruitWork(fruit, powKey, engine);
}
