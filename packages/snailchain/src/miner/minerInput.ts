import type { Hash32 } from "@festina/primitives";
import type { Fruit, SnailBlock, SnailHeader } from "@festina/types";
import type { MiningAnchor } from "../block/assembleSnailCandidate.ts";

/** `nowMs`: local clock, Unix milliseconds. */
export type MinerInput =
  /**
   * A fast block with a COMMITTED certificate of its own (or the genesis, with `null`); at start the newest one known.
   * `FastView` already shows it.
   */
  | { readonly kind: "fastCommitted"; readonly anchor: MiningAnchor; readonly nowMs: number }
  /** The snail chain has another tip. */
  | { readonly kind: "headChanged"; readonly nowMs: number }
  /** Fruits came into the pool. */
  | { readonly kind: "fruitPoolChanged"; readonly nowMs: number }
  /** From the searcher; of any work it was given, also a replaced one. */
  | { readonly kind: "nonceFound"; readonly workId: number; readonly nonce: bigint; readonly nowMs: number }
  /** A few times per second: lets waiting refreshes happen. */
  | { readonly kind: "tick"; readonly nowMs: number };

/** What a searcher looks for. Targets are 128-bit halves, inclusive. */
export interface MiningWork {
  readonly workId: number;
  readonly sealHash: Hash32;
  /** Names the data set to search with; zero for engines without. */
  readonly powKey: Hash32;
  readonly blockTarget: bigint;
  readonly fruitTarget: bigint;
  readonly startNonce: bigint;
}

/** What is searched for now, with the header that it stands for. */
export interface CurrentWork extends MiningWork {
  readonly header: Omit<SnailHeader, "nonce">;
}

/** Why a nonce earns nothing. */
export type NonceFailureCode =
  /** Of no work that this miner gave out, or that it still remembers. */
  | "WORK_UNKNOWN"
  /** Meets neither target. */
  | "SHARE_WRONG"
  /** A block for a tip that is no longer ours, and no fruit; or work whose data set is no longer kept. */
  | "WORK_STALE";

export type MinerEffect =
  /** Replaces what is being searched. The search goes on after a find. */
  | { readonly kind: "searchNonce"; readonly work: MiningWork }
  /** Nothing can be mined now. */
  | { readonly kind: "cancelSearch" }
  /** Put it in the own pool and announce it. */
  | { readonly kind: "broadcastFruit"; readonly fruit: Fruit; readonly hash: Hash32 }
  /** Give it to the own chain (`blockReceived`), which announces it once valid. */
  | { readonly kind: "broadcastBlock"; readonly block: SnailBlock; readonly hash: Hash32 }
  /** Tell whoever found it. */
  | { readonly kind: "refuseNonce"; readonly code: NonceFailureCode };
