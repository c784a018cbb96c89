import { keccakHash } from "@festina/crypto";
import { type Address, concatBytes, type Hash32, hexToBytes, ZERO_HASH } from "@festina/primitives";
import {
  type Certificate,
  certificateHash,
  type Fruit,
  type SnailBlock,
  type SnailHeader,
  withNonce,
} from "@festina/types";
import { anchorSeconds } from "./verifySnailAnchor.ts";

/** What the best chain prescribes for its next block. */
export interface MiningContext {
  readonly parentHash: Hash32;
  readonly number: number;
  readonly difficulty: bigint;
  /** The block must be later than this. */
  readonly medianTime: number;
  readonly parentAnchorNumber: number;
  readonly parentPackedFruits: number;
  readonly pointerHash: Hash32;
  readonly fruitDifficulty: bigint;
  /** Names the data set of the proof of work. */
  readonly powKey: Hash32;
}

/** A committed fast block to hold on to. */
export interface MiningAnchor {
  readonly number: number;
  readonly hash: Hash32;
  readonly timeMs: number;
  /** `null` for the fast genesis only. */
  readonly certificate: Certificate | null;
}

/** A fruit with its hash, so that it is computed once. */
export interface HashedFruit {
  readonly fruit: Fruit;
  readonly hash: Hash32;
}

/** A block but for its nonce. */
export interface SnailCandidate {
  readonly header: Omit<SnailHeader, "nonce">;
  readonly fruits: readonly Fruit[];
  readonly certificate: Certificate | null;
}

export function assembleSnailCandidate(input: {
  readonly context: MiningContext;
  readonly anchor: MiningAnchor;
  readonly boundaryHash: Hash32;
  readonly fruits: readonly HashedFruit[];
  readonly payout: Address;
  readonly supports: Address;
  readonly nowSeconds: number;
}): SnailCandidate {
  const { context, anchor, fruits } = input;
  const header = {
    number: context.number,
    parentHash: context.parentHash,
    timestamp: Math.max(input.nowSeconds, context.medianTime + 1, anchorSeconds(anchor.timeMs)),
    payout: input.payout,
    supports: input.supports,
    anchorNumber: anchor.number,
    anchorHash: anchor.hash,
    certificateHash: anchor.certificate === null ? ZERO_HASH : certificateHash(anchor.certificate),
    boundaryHash: input.boundaryHash,
    fruitsRoot: keccakHash(concatBytes(...fruits.map(({ hash }) => hexToBytes(hash)))),
    packedFruits: context.parentPackedFruits + fruits.length,
    difficulty: context.difficulty,
    pointerHash: context.pointerHash,
    fruitDifficulty: context.fruitDifficulty,
  };
  return { header, fruits: fruits.map(({ fruit }) => fruit), certificate: anchor.certificate };
}

export function completeCandidate(candidate: SnailCandidate, nonce: bigint): SnailBlock {
  const { header, fruits, certificate } = candidate;
  return { header: withNonce(header, nonce), fruits, certificate };
}
