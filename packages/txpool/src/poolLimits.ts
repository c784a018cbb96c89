/** How much may wait. A transaction counts once, wherever it waits. */
export interface PoolLimits {
  readonly transactionsMax: number;
  /** Of their encodings together; in memory they take some twice as much. */
  readonly bytesMax: number;
  /** Of these, behind a nonce gap. Nobody earns anything with them. */
  readonly gappedMax: number;
  readonly perSenderMax: number;
  /** Of these, of a sender with code: what others send through it can spend its balance between two blocks. */
  readonly perDelegatedMax: number;
  /** Transactions of other senders that one payer may have waiting. */
  readonly perPayerMax: number;
  /** A peer's transaction is dropped at this age. */
  readonly lifetimeMs: number;
  /** Peers' transactions that offer less are refused. */
  readonly tipPerGasWeiMin: bigint;
}

const HOUR_MS = 3_600_000;

export const DEFAULT_POOL_LIMITS: PoolLimits = {
  transactionsMax: 20_000,
  bytesMax: 64 * 1024 * 1024,
  gappedMax: 5_000,
  perSenderMax: 64,
  perDelegatedMax: 1,
  perPayerMax: 64,
  lifetimeMs: 3 * HOUR_MS,
  tipPerGasWeiMin: 0n,
};
