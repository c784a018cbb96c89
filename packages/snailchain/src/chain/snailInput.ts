import type { Hash32 } from "@festina/primitives";
import type { SnailBlock } from "@festina/types";
import type { SnailEntry } from "../block/ancestry.ts";
import type { PendingCause, SnailFailureCode } from "../verdict.ts";
import type { Checkpoint } from "./forkChoice.ts";

export type SnailInput =
  /** From a peer, or our own miner. `from` names the source for quotas and answers. */
  | {
      readonly kind: "blockReceived";
      readonly block: SnailBlock;
      readonly from: string;
      readonly nowSeconds: number;
    }
  /** After `FastView` shows the block. `pointer` is the snail block it points to. One input may stand for several blocks. */
  | { readonly kind: "fastCommitted"; readonly number: number; readonly pointer: Checkpoint }
  /** The engine has it now. */
  | { readonly kind: "dataSetReady"; readonly powKey: Hash32 }
  /** Every second or so. */
  | { readonly kind: "tick"; readonly nowSeconds: number };

export type SnailEffect =
  /** A new valid block, on whichever branch: save it, announce it. */
  | { readonly kind: "storeBlock"; readonly entry: SnailEntry; readonly from: string }
  /**
   * Another tip of the best chain: save the numbers of `applied` (oldest first), delete the ones of `reverted` (newest
   * first) that `applied` does not write again, and the head.
   */
  | {
      readonly kind: "headChanged";
      readonly head: SnailEntry;
      readonly reverted: readonly SnailEntry[];
      readonly applied: readonly SnailEntry[];
    }
  /** Fetch it, from this peer (`null`: from any) and send it as `blockReceived`. */
  | { readonly kind: "requestBlock"; readonly hash: Hash32; readonly from: string | null }
  /** The source broke a rule. */
  | {
      readonly kind: "rejectBlock";
      /** `null`: refused for what needs no hash, before it was computed. */
      readonly hash: Hash32 | null;
      readonly code: SnailFailureCode;
      readonly message: string;
      readonly from: string;
    }
  /** It waits, and comes back by itself. Whoever makes data sets learns here which one is needed. */
  | { readonly kind: "blockPending"; readonly hash: Hash32; readonly cause: PendingCause; readonly from: string }
  /** No room to wait, or waited too long; nobody's fault. */
  | { readonly kind: "dropBlock"; readonly hash: Hash32; readonly from: string }
  /**
   * The fast chain and the heaviest snail chain disagree. `lacking` is a chain heavier than ours that lacks the
   * checkpoint (we stay), or our own tip while the checkpoint lies on no chain we know (we keep serving). Raised once
   * per checkpoint and chain: tell the operator.
   */
  | {
      readonly kind: "hazard";
      readonly checkpoint: Checkpoint;
      readonly head: Hash32;
      readonly lacking: Hash32;
      readonly message: string;
    };
