// What the methods read of accounts.
import type { Address, Hash32 } from "@festina/primitives";

export interface AccountProof {
  readonly balanceWei: bigint;
  readonly nonce: bigint;
  readonly codeHash: Hash32;
  readonly storageRoot: Hash32;
  /** Trie nodes from the root down. */
  readonly accountProof: readonly Uint8Array[];
  readonly storageProofs: readonly {
    readonly slot: bigint;
    readonly value: bigint;
    readonly proof: readonly Uint8Array[];
  }[];
}

export interface AccountEntry {
  /** keccak256(address): the order of the range. */
  readonly hashedKey: Hash32;
  readonly address: Address | null;
  readonly balanceWei: bigint;
  readonly nonce: bigint;
  readonly codeHash: Hash32;
  readonly storageRoot: Hash32;
}

/** All methods answer `undefined` when the state of that block is not kept. */
export interface StateReader {
  balance(address: Address, number: number): bigint | undefined;
  nonce(address: Address, number: number): bigint | undefined;
  code(address: Address, number: number): Uint8Array | undefined;
  storage(address: Address, slot: bigint, number: number): bigint | undefined;
  proof(address: Address, slots: readonly bigint[], number: number): AccountProof | undefined;
  accountRange(
    number: number,
    startKey: Hash32,
    max: number,
  ): { readonly accounts: readonly AccountEntry[]; readonly next: Hash32 | null } | undefined;
}

/** One state of the accounts. */
export interface AccountView {
  balance(address: Address): bigint;
  code(address: Address): Uint8Array;
  storage(address: Address, slot: bigint): bigint;
}
