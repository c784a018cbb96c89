export { orderByFee } from "./orderByFee.ts";
export type { PendingTransactions } from "./pendingTransactions.ts";
export { effectiveTipWei, type PoolEntry, type TransactionOrigin } from "./poolEntry.ts";
export type { PoolFailureCode } from "./poolFailure.ts";
export { DEFAULT_POOL_LIMITS, type PoolLimits } from "./poolLimits.ts";
export type { DropReason, PoolChange } from "./poolStore.ts";
export type { AccountReader, FormCheck, TransactionOrdering } from "./ports.ts";
export {
  type PooledBlock,
  TransactionPool,
  type TransactionPoolOptions,
} from "./transactionPool.ts";
