import type { ChainSpec } from "@festina/chainspec";
import { ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import { EMPTY_FRUITS_ROOT, hashSnailHeader, type SnailBlock } from "@festina/types";
import { computeFruitDifficulty } from "../pow/target.ts";
import { createSnailEntry, type SnailEntry } from "./ancestry.ts";

/** Block 0 of a network. It anchors (0, zero hash), because the fast genesis already names this block. */
export function createSnailGenesis(spec: ChainSpec): SnailBlock {
  const header = {
    number: 0,
    parentHash: ZERO_HASH,
    timestamp: spec.genesisTimeSeconds,
    payout: ZERO_ADDRESS,
    supports: ZERO_ADDRESS,
    anchorNumber: 0,
    anchorHash: ZERO_HASH,
    certificateHash: ZERO_HASH,
    boundaryHash: ZERO_HASH,
    fruitsRoot: EMPTY_FRUITS_ROOT,
    packedFruits: 0,
    difficulty: spec.genesisDifficulty,
    pointerHash: ZERO_HASH,
    fruitDifficulty: computeFruitDifficulty(spec.genesisDifficulty, spec.preset.fruitsPerBlock),
    nonce: 0n,
  };
  return { header, fruits: [], certificate: null };
}

export function createGenesisEntry(spec: ChainSpec): SnailEntry {
  const block = createSnailGenesis(spec);
  const record = { block, totalDifficulty: block.header.difficulty, stalledSeconds: 0 };
  return createSnailEntry(hashSnailHeader(block.header), record);
}
