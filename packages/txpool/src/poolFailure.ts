/** Why the pool refused a transaction; a code of the form `TX_…` comes from the rules of execution. */
export type PoolFailureCode =
  /** It waits here already. */
  | "POOL_KNOWN"
  /** Signed for another chain. */
  | "POOL_CHAIN_ID"
  /** Names no chain, so it could be replayed on any. */
  | "POOL_UNPROTECTED"
  /** Asks for more gas than a block has. */
  | "POOL_GAS_ABOVE_BLOCK"
  /** Its `validUntil` has passed. */
  | "POOL_EXPIRED"
  /** Offers a smaller tip than the pool takes from peers. */
  | "POOL_UNDERPRICED"
  /** Replaces another of the same nonce without 10 % more of both fees. */
  | "POOL_REPLACEMENT_UNDERPRICED"
  | "POOL_NONCE_TOO_LOW"
  /** So far ahead of the account's nonce that the gap cannot be filled. */
  | "POOL_NONCE_TOO_HIGH"
  /** No room, and nothing here is worth less. */
  | "POOL_FULL"
  | "POOL_SENDER_FULL"
  | "POOL_PAYER_FULL"
  /** A delegated account has one waiting already; its balance can leave it at any time. */
  | "POOL_DELEGATED_FULL"
  /** The balance does not cover it together with what the account has waiting. */
  | "POOL_INSUFFICIENT_BALANCE"
  | "POOL_PAYER_INSUFFICIENT_BALANCE"
  | `TX_${string}`;
