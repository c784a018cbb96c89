import type { Address, Hash32 } from "@festina/primitives";

/** What an account's leaf in the state trie says, without the storage root, which the state keeps for itself. */
export interface Account {
  readonly nonce: bigint;
  readonly balanceWei: bigint;
  /** keccak256 of the code; of empty bytes for an account without code. */
  readonly codeHash: Hash32;
}

/** Slots and values as machines have them: 32 bytes, least significant first, as eight numbers of `memory`. */
export interface WordStorage {
  /** Reads the slot that the word at `key` names into the word at `to`; both are indices of `memory`. */
  read(address: Address, memory: Uint32Array, key: number, to: number): void;
  /** Writes `count` slots: from `from` on, each is a word that names it and one with its value. */
  write(address: Address, memory: Uint32Array, from: number, count: number): void;
}

/**
 * World state as an executing transaction sees and changes it. Synchronous: reads come from journal, caches and, on a
 * miss, a synchronous store read. Checkpoints nest; `revert` undoes every write since the matching `checkpoint`.
 */
export interface StateView {
  /** `null` when no account is there (never existed, or was deleted). */
  getAccount(address: Address): Account | null;
  putAccount(address: Address, account: Account): void;
  /** Removes the account with its code reference and all of its storage. */
  deleteAccount(address: Address): void;

  /** Empty bytes when the account has no code. The result must not be changed. */
  getCode(address: Address): Uint8Array;
  /** Stores the code and points the account at it; the account is created when missing. */
  putCode(address: Address, code: Uint8Array): void;
  /** Stores the code for accounts that are put with its hash. Both are the caller's word: the bytes stay as they are. */
  keepCode(codeHash: Hash32, code: Uint8Array): void;

  /** Slot and value are 32-byte words as integers; an absent slot is 0. */
  getStorage(address: Address, slot: bigint): bigint;
  /** Writing 0 removes the slot. */
  putStorage(address: Address, slot: bigint, value: bigint): void;
  /** Whether any slot is non-zero (the creation-collision rule of EIP-7610). */
  hasStorage(address: Address): boolean;
  /** Answers at once, and is false only if `hasStorage` would be: then every slot reads 0 without being asked for. */
  mayHaveStorage(address: Address): boolean;
  /** Storage without a number for each slot and value; absent when `getStorage` and `putStorage` are to see everything. */
  readonly words?: WordStorage;

  checkpoint(): void;
  commit(): void;
  revert(): void;
}
