import type { HashFunction } from "@festina/crypto";
import { type Address, assert, EMPTY_BYTES, type Hash32, toHash32 } from "@festina/primitives";
import type { Account, StateView } from "@festina/tvm";
import { EMPTY_ROOT } from "@festina/types";
import type { AccountRecord } from "./accountRecord.ts";
import type { StateBase, StateDiff } from "./stateBase.ts";

type Undo = () => void;

/** keccak256 of no bytes: the code hash of an account without code. */
export const EMPTY_CODE_HASH = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470" as Hash32;

function restore<K, V>(map: Map<K, V>, key: K): Undo {
  const had = map.has(key);
  const before = map.get(key);
  return () => {
    if (had) map.set(key, before as V);
    else map.delete(key);
  };
}

/**
 * The world state while a block executes: a journal of changes over the parent's state. Each write notes how to undo
 * itself; `revert` runs the notes back to the matching checkpoint.
 */
export class WorldState implements StateView {
  readonly #base: StateBase;
  readonly #hash: HashFunction;
  readonly #accounts = new Map<Address, AccountRecord | null>();
  readonly #cleared = new Set<Address>();
  readonly #storage = new Map<Address, Map<bigint, bigint>>();
  readonly #codes = new Map<Hash32, Uint8Array>();
  readonly #undo: Undo[] = [];
  readonly #checkpoints: number[] = [];
  /** What the base, which never changes, said: of a block's accounts, each is asked for again and again. */
  readonly #met = new Map<Address, AccountRecord | null>();

  constructor(base: StateBase, hash: HashFunction) {
    this.#base = base;
    this.#hash = hash;
  }

  #record(address: Address): AccountRecord | null {
    const changed = this.#accounts.get(address);
    return changed === undefined ? this.#baseAccount(address) : changed;
  }

  #setRecord(address: Address, record: AccountRecord | null): void {
    this.#undo.push(restore(this.#accounts, address));
    this.#accounts.set(address, record);
  }

  getAccount(address: Address): Account | null {
    return this.#record(address);
  }

  putAccount(address: Address, account: Account): void {
    const storageRoot = this.#record(address)?.storageRoot ?? EMPTY_ROOT;
    const { nonce, balanceWei, codeHash } = account;
    assert(balanceWei >= 0n, `the balance of ${address} is negative`);
    this.#setRecord(address, { nonce, balanceWei, codeHash, storageRoot });
  }

  deleteAccount(address: Address): void {
    this.#clearStorage(address);
    this.#setRecord(address, null);
  }

  #clearStorage(address: Address): void {
    if (!this.#cleared.has(address)) {
      this.#cleared.add(address);
      this.#undo.push(() => this.#cleared.delete(address));
    }
    const slots = this.#storage.get(address);
    if (slots === undefined) return;
    this.#storage.delete(address);
    this.#undo.push(() => this.#storage.set(address, slots));
  }

  getCode(address: Address): Uint8Array {
    const record = this.#record(address);
    if (record === null || record.codeHash === EMPTY_CODE_HASH) return EMPTY_BYTES;
    const code = this.#codes.get(record.codeHash) ?? this.#base.code(record.codeHash);
    assert(code !== undefined, `the code of ${address} is missing`);
    return code;
  }

  putCode(address: Address, code: Uint8Array): void {
    const codeHash = code.length === 0 ? EMPTY_CODE_HASH : toHash32(this.#hash(code));
    // Kept even after a revert: code named by no account harms nobody, and the next attempt often deploys the same.
    if (code.length > 0) this.#codes.set(codeHash, code.slice());
    const record = this.#record(address);
    this.putAccount(address, { nonce: record?.nonce ?? 0n, balanceWei: record?.balanceWei ?? 0n, codeHash });
  }

  getStorage(address: Address, slot: bigint): bigint {
    const changed = this.#storage.get(address)?.get(slot);
    if (changed !== undefined) return changed;
    if (this.#cleared.has(address)) return 0n;
    const record = this.#baseAccount(address);
    return record === null || record.storageRoot === EMPTY_ROOT ? 0n : this.#base.storage(address, slot, record);
  }

  #baseAccount(address: Address): AccountRecord | null {
    const met = this.#met.get(address);
    if (met !== undefined) return met;
    const record = this.#base.account(address);
    this.#met.set(address, record);
    return record;
  }

  putStorage(address: Address, slot: bigint, value: bigint): void {
    let slots = this.#storage.get(address);
    if (slots === undefined) {
      slots = new Map();
      this.#storage.set(address, slots);
    }
    this.#undo.push(restore(slots, slot));
    slots.set(slot, value);
  }

  hasStorage(address: Address): boolean {
    for (const value of this.#storage.get(address)?.values() ?? []) if (value !== 0n) return true;
    return !this.#cleared.has(address) && (this.#baseAccount(address)?.storageRoot ?? EMPTY_ROOT) !== EMPTY_ROOT;
  }

  checkpoint(): void {
    this.#checkpoints.push(this.#undo.length);
  }

  commit(): void {
    assert(this.#checkpoints.pop() !== undefined, "commit without a checkpoint");
    // Nothing below can be asked to undo what is final, so the notes go.
    if (this.#checkpoints.length === 0) this.#undo.length = 0;
  }

  revert(): void {
    const mark = this.#checkpoints.pop();
    assert(mark !== undefined, "revert without a checkpoint");
    while (this.#undo.length > mark) (this.#undo.pop() as Undo)();
  }

  /** Everything that changed since the parent. Only between checkpoints. */
  diff(): StateDiff {
    assert(this.#checkpoints.length === 0, "a checkpoint is still open");
    return { accounts: this.#accounts, cleared: this.#cleared, storage: this.#storage, codes: this.#codes };
  }
}
