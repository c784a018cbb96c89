import type { EcdsaSignature } from "@festina/crypto";
import type { Address, Hash32 } from "@festina/primitives";

/** EIP-2718 envelope types of the fast chain. Blob transactions (3) are refused with a code of their own. */
export const TRANSACTION_TYPE = {
  legacy: 0x00,
  accessList: 0x01, // EIP-2930
  feeMarket: 0x02, // EIP-1559
  setCode: 0x04, // EIP-7702
  sponsored: 0x54, // TrueChain's: a payer buys the gas
} as const;

export type TransactionType = (typeof TRANSACTION_TYPE)[keyof typeof TRANSACTION_TYPE];

export interface AccessListEntry {
  readonly address: Address;
  readonly storageKeys: readonly Hash32[];
}

/** EIP-7702: the signer lets its account run the code of `address`. */
export interface Authorization extends EcdsaSignature {
  readonly chainId: bigint;
  readonly address: Address;
  readonly nonce: bigint;
}

/** The part of type 0x54 that Ethereum does not know. */
export interface Sponsorship {
  /** Goes from the sender to the committee's pot, on top of gas. */
  readonly feeWei: bigint;
  /** Pays the gas. */
  readonly payer: Address;
  /** Unix seconds; a block with a later timestamp must not include the transaction. */
  readonly validUntilSeconds: bigint;
}

/** What the sender decides and signs. Fields that a type does not have are empty, zero or `null`. */
export interface TransactionFields {
  readonly type: TransactionType;
  /** `null` only for a legacy transaction from before EIP-155. */
  readonly chainId: bigint | null;
  readonly nonce: bigint;
  /** For types without a fee market both prices equal the gas price. */
  readonly maxFeePerGasWei: bigint;
  readonly maxPriorityFeePerGasWei: bigint;
  readonly gasLimit: bigint;
  /** `null` creates a contract. */
  readonly to: Address | null;
  readonly valueWei: bigint;
  readonly data: Uint8Array;
  readonly accessList: readonly AccessListEntry[];
  readonly authorizations: readonly Authorization[];
  readonly sponsorship: Sponsorship | null;
}

export interface Transaction extends TransactionFields {
  readonly signature: EcdsaSignature;
  /** Of type 0x54 only. */
  readonly payerSignature: EcdsaSignature | null;
  readonly hash: Hash32;
  /** The one canonical encoding: what is hashed, gossiped and put into a block's transaction trie. */
  readonly encoded: Uint8Array;
}

/** A transaction whose signatures are verified; the only kind that pools and executors accept. */
export interface RecoveredTransaction extends Transaction {
  readonly sender: Address;
}
