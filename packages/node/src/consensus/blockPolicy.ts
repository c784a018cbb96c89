import type { ChainSpec } from "@festina/chainspec";
import { computeNextBaseFee, type HybridState, leaderOf } from "@festina/fastchain";
import { type Address, ZERO_ADDRESS } from "@festina/primitives";
import type { DevelopmentRequest } from "@festina/types";

/** What a block is to be like where somebody other than the protocol decides. */
export interface BlockPlan {
  /** Unix milliseconds; the block is later than its parent in any case. */
  readonly timeMs: number;
  readonly takesTransactions: boolean;
  readonly development?: DevelopmentRequest;
  /** The block is closed after this much building, full or not; the usual time where absent. */
  readonly buildMsMax?: number;
}

/** Decides when this member proposes, and what. Every node has the usual one; a development chain is told by its developer. */
export interface BlockPolicy {
  /** Whether a block on `tip` is wanted before the heartbeat; `hasWork`: there is something to put into it. */
  isWanted(tip: HybridState, hasWork: boolean): boolean;
  planBlock(parent: HybridState): BlockPlan;
  /** The time that a block on this parent would be given now; deciding nothing. Unix milliseconds. */
  nextTimeMs(parent: HybridState): number;
  /** Work gets its block at once; else it may wait for as long as nobody asks for one. */
  readonly takesWorkAtOnce: boolean;
  /** The base fee of the next block where a developer has decided it; `null`: by the protocol. */
  readonly nextBaseFeeWei: bigint | null;
  /** Who is paid for blocks where a developer has decided it; `null`: whoever proposes them. */
  readonly coinbase: Address | null;
}

/** Blocks for work, at the time it is. A new chain makes its first block at once, which shows that it lives. */
export function createUsualPolicy(nowMs: () => number): BlockPolicy {
  return {
    isWanted: (tip, hasWork) => hasWork || tip.header.number === 0,
    planBlock: () => ({ timeMs: nowMs(), takesTransactions: true }),
    nextTimeMs: nowMs,
    takesWorkAtOnce: true,
    nextBaseFeeWei: null,
    coinbase: null,
  };
}

/** What a block on this parent would have as its base fee, were it made now. */
export function nextBaseFeeWei(policy: BlockPolicy, { header }: HybridState, spec: ChainSpec): bigint {
  return policy.nextBaseFeeWei ?? computeNextBaseFee(header, spec);
}

const FIRST_VIEW = 1;

/** Who would be paid for a block on this parent if its first leader made it. */
export function nextCoinbase(policy: BlockPolicy, { committee }: HybridState): Address {
  return policy.coinbase ?? committee.members[leaderOf(committee, FIRST_VIEW)]?.payout ?? ZERO_ADDRESS;
}
