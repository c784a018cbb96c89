// A snail chain of two blocks: its genesis, and one that packs a fruit and anchors a fast block.
import { ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import { type Certificate, computeFruitsRoot, type Fruit, hashSnailHeader, type SnailHeader } from "@festina/types";
import type { BlockRecord } from "../src/index.ts";
import { address } from "./fakeChain.ts";

export function certificateOf(record: BlockRecord): Certificate {
  return {
    kind: "committed",
    epoch: 1,
    view: record.block.header.number,
    blockHash: record.block.hash,
    signers: Uint8Array.of(0b11),
    signature: new Uint8Array(96).fill(7),
  };
}

function snailHeader(changes: Partial<SnailHeader>): SnailHeader {
  return {
    number: 0,
    parentHash: ZERO_HASH,
    timestamp: 1_800_000_000,
    payout: address("42"),
    supports: ZERO_ADDRESS,
    anchorNumber: 0,
    anchorHash: ZERO_HASH,
    certificateHash: ZERO_HASH,
    boundaryHash: ZERO_HASH,
    fruitsRoot: computeFruitsRoot([]),
    packedFruits: 0,
    difficulty: 1_000n,
    pointerHash: ZERO_HASH,
    fruitDifficulty: 100n,
    nonce: 3n,
    ...changes,
  };
}

export const FRUIT: Fruit = { header: snailHeader({ number: 1, supports: address("21"), nonce: 2n ** 64n - 1n }) };

/** As a node would find them, by number. */
export function snailChainOn(anchor: BlockRecord) {
  const genesis = snailHeader({});
  const next = snailHeader({
    number: 1,
    parentHash: hashSnailHeader(genesis),
    anchorNumber: 2,
    anchorHash: anchor.block.hash,
    fruitsRoot: computeFruitsRoot([FRUIT]),
    packedFruits: 1,
  });
  return [
    { block: { header: genesis, fruits: [], certificate: null }, hash: hashSnailHeader(genesis) },
    { block: { header: next, fruits: [FRUIT], certificate: certificateOf(anchor) }, hash: hashSnailHeader(next) },
  ].map((found, number) => ({ ...found, totalDifficulty: BigInt(number + 1) * 1_000n }));
}
