import type { Hash32 } from "@festina/primitives";
import type { Certificate, SnailBlock } from "@festina/types";

export interface CommittedFastBlock {
  readonly hash: Hash32;
  readonly timeMs: number;
  /** The snail block that every chain with this fast block contains: its pointer, or the cut its epoch stands on. */
  readonly pointerHash: Hash32;
  readonly pointerNumber: number;
}

/** The committed part of the fast chain as this node knows it; it only grows. Read synchronously. */
export interface FastView {
  /** Number of the newest committed fast block; genesis (0) counts as committed. */
  head(): number;
  /** Defined for every number in 0..head(). */
  committed(number: number): CommittedFastBlock | undefined;
  /** `unknown`: the committee of its epoch is not known here yet. Only asked for certificates of committed blocks. */
  verifyCommitted(certificate: Certificate): "valid" | "invalid" | "unknown";
  /** The newest last-block-of-an-epoch at or below a committed number; `undefined` while epoch 0 lasts. */
  boundaryAtOrBelow(number: number): { readonly number: number; readonly hash: Hash32 } | undefined;
  /**
   * The epoch of the committee that recovery's `cycle`-th cut above a committed number seats; `undefined` where the chain
   * spec seats one by hand.
   */
  recoveryEpoch(number: number, cycle: number): number | undefined;
}

/** What is kept of a valid snail block, on whichever branch it lies. */
export interface SnailRecord {
  readonly block: SnailBlock;
  /** Of the block and all its ancestors. */
  readonly totalDifficulty: bigint;
  /** Time up to this block during which the chain stood still, and which the difficulty schedule forgives. */
  readonly stalledSeconds: number;
}

/** Older blocks, read synchronously. Must answer with what earlier `storeBlock` and `headChanged` effects said. */
export interface SnailStore {
  blockByHash(hash: Hash32): SnailRecord | undefined;
  /** Of the best chain. */
  canonicalHash(number: number): Hash32 | undefined;
}
