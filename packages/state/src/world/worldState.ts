import type { HashFunction } from "@festina/crypto";
import { type Address, assert, EMPTY_BYTES, type Hash32, toHash32 } from "@festina/primitives";
import type { Account, StateView, WordStorage } from "@festina/tvm";
import { EMPTY_ROOT } from "@festina/types";
import type { AccountRecord } from "./accountRecord.ts";
import { NewCodes } from "./newCodes.ts";
import { SlotTable } from "./slotTable.ts";
import type { StateBase, StateDiff } from "./stateBase.ts";
import { bigintToWord, clearWord, WORD_NUMBERS, wordToBigint } from "./word.ts";

/** How an account was before a change. */
interface AccountBefore {
  readonly account: MetAccount;
  readonly now: AccountRecord | null;
  readonly isChanged: boolean;
}

/** Notes of what most changes are, slots written since a length and an account as it was, are cheap; the rest says how. */
type Undo = number | AccountBefore | (() => void);

/** So many are taken away one by one. */
const NOTES_MAX = 64;

/** keccak256 of no bytes: the code hash of an account without code. */
export const EMPTY_CODE_HASH = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470" as Hash32;

/** An account that was asked for or changed: of a block's accounts, each is asked for again and again. */
interface MetAccount {
  readonly address: Address;
  /** What the base, which never changes, said. */
  readonly before: AccountRecord | null;
  now: AccountRecord | null;
  isChanged: boolean;
}

/**
 * The world state while a block executes: a journal of changes over the parent's state. Each write notes how to undo
 * itself; `revert` runs the notes back to the matching checkpoint.
 */
export class WorldState implements StateView {
  readonly #base: StateBase;
  readonly #hash: HashFunction;
  readonly #accounts = new Map<Address, MetAccount>();
  /** Slots are asked for in rows. */
  #lastMet: MetAccount | null = null;
  readonly #cleared = new Set<Address>();
  readonly #slots: SlotTable;
  /** Room for a slot and its value. */
  readonly #room = new Uint32Array(2 * WORD_NUMBERS);
  readonly #codes = new NewCodes();
  readonly #undo: Undo[] = [];
  readonly #checkpoints: number[] = [];

  readonly words: WordStorage = {
    read: (address, memory, key, to) => this.#readSlot(address, memory, key, to),
    write: (address, memory, from, count) => this.#writeSlots(address, memory, from, count),
  };

  /** `seed`: of tables that nobody should be able to fill with what lies in the same place (slotTable.ts). */
  constructor(base: StateBase, hash: HashFunction, seed: number) {
    this.#base = base;
    this.#hash = hash;
    this.#slots = new SlotTable(seed);
  }

  #meet(address: Address): MetAccount {
    if (this.#lastMet?.address === address) return this.#lastMet;
    this.#lastMet = this.#accounts.get(address) ?? this.#meetFirst(address);
    return this.#lastMet;
  }

  #meetFirst(address: Address): MetAccount {
    const before = this.#base.account(address);
    const first = { address, before, now: before, isChanged: false };
    this.#accounts.set(address, first);
    return first;
  }

  #change(account: MetAccount, record: AccountRecord | null): void {
    this.#undo.push({ account, now: account.now, isChanged: account.isChanged });
    account.now = record;
    account.isChanged = true;
  }

  getAccount(address: Address): Account | null {
    return this.#meet(address).now;
  }

  putAccount(address: Address, account: Account): void {
    const met = this.#meet(address);
    const { nonce, balanceWei, codeHash } = account;
    assert(balanceWei >= 0n, "no balance is negative");
    this.#change(met, { nonce, balanceWei, codeHash, storageRoot: met.now?.storageRoot ?? EMPTY_ROOT });
  }

  deleteAccount(address: Address): void {
    this.#clearStorage(address);
    this.#change(this.#meet(address), null);
  }

  #clearStorage(address: Address): void {
    if (!this.#cleared.has(address)) {
      this.#cleared.add(address);
      this.#undo.push(() => this.#cleared.delete(address));
    }
    this.#undo.push(this.#slots.forget(address));
  }

  getCode(address: Address): Uint8Array {
    const record = this.#meet(address).now;
    if (record === null || record.codeHash === EMPTY_CODE_HASH) return EMPTY_BYTES;
    const code = this.#codes.get(record.codeHash) ?? this.#base.code(record.codeHash);
    assert(code !== undefined, `the code of ${address} is missing`);
    return code;
  }

  putCode(address: Address, code: Uint8Array): void {
    const codeHash = code.length === 0 ? EMPTY_CODE_HASH : toHash32(this.#hash(code));
    if (code.length > 0) this.keepCode(codeHash, code.slice());
    const record = this.#meet(address).now;
    this.putAccount(address, { nonce: record?.nonce ?? 0n, balanceWei: record?.balanceWei ?? 0n, codeHash });
  }

  /** Kept even after a revert: code named by no account harms nobody, and the next attempt often deploys the same. */
  keepCode(codeHash: Hash32, code: Uint8Array): void {
    this.#codes.add(codeHash, code);
  }

  getStorage(address: Address, slot: bigint): bigint {
    bigintToWord(slot, this.#room, 0);
    this.#readSlot(address, this.#room, 0, WORD_NUMBERS);
    return wordToBigint(this.#room, WORD_NUMBERS);
  }

  #readSlot(address: Address, words: Uint32Array, slot: number, to: number): void {
    const write = this.#slots.newest(address, words, slot);
    if (write >= 0) return this.#slots.copyValue(write, words, to);
    const record = this.#cleared.has(address) ? null : this.#meet(address).before;
    if (record === null || record.storageRoot === EMPTY_ROOT) clearWord(words, to);
    else this.#base.readSlot(address, record, words, slot, to);
  }

  putStorage(address: Address, slot: bigint, value: bigint): void {
    bigintToWord(slot, this.#room, 0);
    bigintToWord(value, this.#room, WORD_NUMBERS);
    this.#writeSlots(address, this.#room, 0, 1);
  }

  #writeSlots(address: Address, words: Uint32Array, from: number, count: number): void {
    this.#undo.push(this.#slots.length);
    this.#slots.append(address, words, from, count);
  }

  hasStorage(address: Address): boolean {
    return this.#slots.holdsValue(address) || this.#hadStorage(address);
  }

  mayHaveStorage(address: Address): boolean {
    return (this.#slots.length > 0 && this.#slots.hasMet(address)) || this.#hadStorage(address);
  }

  #hadStorage(address: Address): boolean {
    const { before } = this.#meet(address);
    return before !== null && before.storageRoot !== EMPTY_ROOT && !this.#cleared.has(address);
  }

  checkpoint(): void {
    this.#checkpoints.push(this.#undo.length);
  }

  commit(): void {
    assert(this.#checkpoints.pop() !== undefined, "commit without a checkpoint");
    // Nothing below can be asked to undo what is final, so the notes go.
    if (this.#checkpoints.length === 0) this.#forgetUndo();
  }

  /** A list that is cut to nothing gives its room back: that of a few notes stays for the next transaction. */
  #forgetUndo(): void {
    if (this.#undo.length > NOTES_MAX) this.#undo.length = 0;
    else while (this.#undo.length > 0) this.#undo.pop();
  }

  revert(): void {
    const mark = this.#checkpoints.pop();
    assert(mark !== undefined, "revert without a checkpoint");
    while (this.#undo.length > mark) this.#takeBack(this.#undo.pop() as Undo);
  }

  #takeBack(undo: Undo): void {
    if (typeof undo === "number") this.#slots.shorten(undo);
    else if (typeof undo === "function") undo();
    else {
      undo.account.now = undo.now;
      undo.account.isChanged = undo.isChanged;
    }
  }

  /** Everything that changed since the parent. Only between checkpoints. */
  diff(): StateDiff {
    assert(this.#checkpoints.length === 0, "a checkpoint is still open");
    const accounts = new Map<Address, AccountRecord | null>();
    const created = new Set<Address>();
    for (const { address, before, now, isChanged } of this.#accounts.values()) {
      if (!isChanged) continue;
      accounts.set(address, now);
      if (before === null) created.add(address);
    }
    return { accounts, created, cleared: this.#cleared, slots: this.#slots, codes: this.#codes };
  }
}
