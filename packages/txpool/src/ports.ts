import type { Address, Result } from "@festina/primitives";
import type { RecoveredTransaction } from "@festina/types";
import type { PoolEntry } from "./poolEntry.ts";

/** Accounts in the newest state. */
export interface AccountReader {
  nonce(address: Address): bigint;
  balanceWei(address: Address): bigint;
  /** Of an account that sends, code is a delegation: others can then move its balance at any time. */
  hasCode(address: Address): boolean;
}

/** The rules that need no state: chain, gas limits, sizes. The pool passes the failure on as it is. */
export type FormCheck = (transaction: RecoveredTransaction) => Result<null, `TX_${string}`>;

/**
 * Which of two transactions of different senders a block takes first: negative for `a`. Within one sender nonces
 * decide. Never 0, or the order would depend on history.
 */
export type TransactionOrdering = (a: PoolEntry, b: PoolEntry, baseFeePerGasWei: bigint) => number;
