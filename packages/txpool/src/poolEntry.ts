import { minBigint } from "@festina/primitives";
import type { RecoveredTransaction } from "@festina/types";

/** `local`: handed in by this node's own user. It is not subject to age and is not evicted for a peer's. */
export type TransactionOrigin = "local" | "peer";

/** A transaction as it waits. */
export interface PoolEntry {
  readonly transaction: RecoveredTransaction;
  readonly origin: TransactionOrigin;
  readonly arrivalMs: number;
  /** Counts arrivals, so that no two entries are equal in any order. */
  readonly sequence: number;
}

/** What the block's maker earns per unit of gas; negative when the fee does not cover the base fee. */
export function effectiveTipWei(transaction: RecoveredTransaction, baseFeePerGasWei: bigint): bigint {
  return minBigint(transaction.maxPriorityFeePerGasWei, transaction.maxFeePerGasWei - baseFeePerGasWei);
}

/** What the sender must be able to pay for it: value, fee and, without another payer, gas at its highest price. */
export function senderCostWei(transaction: RecoveredTransaction): bigint {
  const { sponsorship, sender, valueWei } = transaction;
  const ownGasWei = sponsorship === null || sponsorship.payer === sender ? gasCostWei(transaction) : 0n;
  return valueWei + (sponsorship?.feeWei ?? 0n) + ownGasWei;
}

export function gasCostWei(transaction: RecoveredTransaction): bigint {
  return transaction.gasLimit * transaction.maxFeePerGasWei;
}
