import type { Hash32 } from "@festina/primitives";

/** Rules a snail block can break. Stable: they reach logs, peers' scores and the RPC. */
export type SnailFailureCode =
  /** Not one above its parent, or zero. */
  | "SNAIL_NUMBER_WRONG"
  /** Below the parent's anchor. */
  | "SNAIL_ANCHOR_DECREASES"
  /** The sealed count is not the parent's plus the fruits packed. */
  | "SNAIL_PACKED_FRUITS_WRONG"
  | "SNAIL_DIFFICULTY_WRONG"
  /** Its own pointer or fruit difficulty is not what a fruit of the same search would need. */
  | "SNAIL_POINTER_WRONG"
  /** Not above the median of the last eleven. */
  | "SNAIL_TIME_TOO_OLD"
  | "SNAIL_WORK_MISSING"
  | "SNAIL_TOO_MANY_FRUITS"
  | "SNAIL_FRUITS_ROOT_WRONG"
  /** Certificate missing, superfluous, of another kind or block, or not the sealed one. */
  | "SNAIL_CERTIFICATE_WRONG"
  /** Its signatures do not verify. */
  | "SNAIL_CERTIFICATE_INVALID"
  /** Another fast block is committed at that number. */
  | "SNAIL_ANCHOR_NOT_COMMITTED"
  | "SNAIL_TIME_BEFORE_ANCHOR"
  /** Does not descend from the snail block that its anchored fast block points to. */
  | "SNAIL_OFF_FAST_POINTER"
  | "SNAIL_BOUNDARY_WRONG"
  /** Recovery has replaced the committee of its certificate, on this branch. */
  | "SNAIL_ANCHOR_AFTER_CUT"
  /** Descends from a block that broke a rule. */
  | "SNAIL_PARENT_INVALID"
  | FruitFailureCode;

/** Rules a fruit can break, packed or on its own. */
export type FruitFailureCode =
  /** Packed twice in one ancestry. */
  | "FRUIT_ALREADY_PACKED"
  /** Its pointer is no ancestor of the packer (or not on the best chain). */
  | "FRUIT_POINTER_OFF_CHAIN"
  /** Its pointer is more than `freshnessBlocks` below the packer. */
  | "FRUIT_STALE"
  /** Not between its pointer and its packer. */
  | "FRUIT_NUMBER_WRONG"
  | "FRUIT_DIFFICULTY_WRONG"
  /** Below the anchor of the snail block it points to, or above its packer's. */
  | "FRUIT_ANCHOR_OUT_OF_RANGE"
  | "FRUIT_ANCHOR_NOT_COMMITTED"
  | "FRUIT_WORK_MISSING";

/** Why something cannot be judged yet. What waits here broke no rule. */
export type PendingCause =
  | { readonly why: "unknownParent"; readonly what: Hash32 }
  | { readonly why: "unknownFastBlock"; readonly what: number }
  /** The data set of its proof of work, by its key, is not there yet. */
  | { readonly why: "powDataSet"; readonly what: Hash32 }
  /** Our chain does not say which data set its proof of work is by. It has shown no work and is not kept. */
  | { readonly why: "powUnknown"; readonly what: number }
  /** `what`: the Unix second from which on it can be judged. */
  | { readonly why: "future"; readonly what: number };

export type Verdict<Code extends string = SnailFailureCode, Cause = PendingCause> =
  | { readonly kind: "valid" }
  | { readonly kind: "invalid"; readonly code: Code; readonly message: string }
  | { readonly kind: "pending"; readonly cause: Cause };

export const VALID = { kind: "valid" } as const;

export function invalid<Code extends string>(
  code: Code,
  message: string,
): { readonly kind: "invalid"; readonly code: Code; readonly message: string } {
  return { kind: "invalid", code, message };
}

export function pending<Cause>(cause: Cause): { readonly kind: "pending"; readonly cause: Cause } {
  return { kind: "pending", cause };
}
