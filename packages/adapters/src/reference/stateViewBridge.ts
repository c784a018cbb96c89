import type { AccountFields, StateManagerInterface } from "@ethereumjs/common";
import { Account, type Address as LibraryAddress } from "@ethereumjs/util";
import {
  type Address,
  assert,
  bigintToBytes,
  bytesToBigint,
  EMPTY_BYTES,
  hexToBytes,
  toHash32,
} from "@festina/primitives";
import { EMPTY_ACCOUNT, EMPTY_CODE_HASH, type StateView } from "@festina/tvm";

/** What a checkpoint's writes add up to; dropped on revert, passed on at commit. */
interface Frame {
  readonly touched: Set<Address>;
  /** New balances minus old ones. */
  balanceChangeWei: bigint;
}

const EMPTY_CODE_HASH_BYTES = hexToBytes(EMPTY_CODE_HASH);
/** Stands for "has storage": the library only asks whether a root is the empty one (EIP-7610). */
const SOME_STORAGE_ROOT = new Uint8Array(32).fill(1);

const addressOf = (address: LibraryAddress): Address => address.toString() as Address;
/** The library takes absent bytes for zero and compares values byte by byte, so zero has one form. */
const wordBytes = (value: bigint): Uint8Array => (value === 0n ? EMPTY_BYTES : bigintToBytes(value, 32));

/**
 * Lets the library read and write one `StateView` for the length of one run, and keeps account of what it did: touched
 * accounts, the change of the sum of balances, open checkpoints, and every slot's value at the start.
 */
export class StateViewBridge implements StateManagerInterface {
  #view: StateView | null = null;
  #frames: Frame[] = [];
  #originals = new Map<string, bigint>();

  begin(view: StateView): void {
    this.#view = view;
    this.#frames = [{ touched: new Set(), balanceChangeWei: 0n }];
    this.#originals = new Map();
  }

  /** Ends the run; undoes what is still open, which is so only after a failure of the library. */
  end(): Frame {
    while (this.#frames.length > 1) this.#revertSync();
    const frame = this.#top;
    this.#view = null;
    return frame;
  }

  get #state(): StateView {
    assert(this.#view !== null, "the bridge is used within a run only");
    return this.#view;
  }

  get #top(): Frame {
    const frame = this.#frames.at(-1);
    assert(frame !== undefined, "a run has a frame");
    return frame;
  }

  async getAccount(address: LibraryAddress): Promise<Account | undefined> {
    const key = addressOf(address);
    const account = this.#state.getAccount(key);
    if (account === null) return undefined;
    const hasCode = account.codeHash !== EMPTY_CODE_HASH;
    // The root decides creation collisions only, which code or a nonce decide already.
    const mayCollide = !hasCode && account.nonce === 0n && this.#state.hasStorage(key);
    return new Account(
      account.nonce,
      account.balanceWei,
      mayCollide ? SOME_STORAGE_ROOT : undefined,
      hasCode ? hexToBytes(account.codeHash) : EMPTY_CODE_HASH_BYTES,
    );
  }

  async putAccount(address: LibraryAddress, account?: Account): Promise<void> {
    if (account === undefined) return this.deleteAccount(address);
    const key = addressOf(address);
    const before = this.#state.getAccount(key) ?? EMPTY_ACCOUNT;
    const codeHash = account.codeHash === EMPTY_CODE_HASH_BYTES ? EMPTY_CODE_HASH : toHash32(account.codeHash);
    this.#top.touched.add(key);
    this.#top.balanceChangeWei += account.balance - before.balanceWei;
    this.#state.putAccount(key, { nonce: account.nonce, balanceWei: account.balance, codeHash });
  }

  async deleteAccount(address: LibraryAddress): Promise<void> {
    const key = addressOf(address);
    this.#top.balanceChangeWei -= this.#state.getAccount(key)?.balanceWei ?? 0n;
    this.#state.deleteAccount(key);
  }

  async modifyAccountFields(address: LibraryAddress, fields: AccountFields): Promise<void> {
    const account = (await this.getAccount(address)) ?? new Account();
    if (fields.nonce !== undefined) account.nonce = fields.nonce;
    if (fields.balance !== undefined) account.balance = fields.balance;
    if (fields.codeHash !== undefined) account.codeHash = fields.codeHash;
    await this.putAccount(address, account);
  }

  async putCode(address: LibraryAddress, code: Uint8Array): Promise<void> {
    this.#state.putCode(addressOf(address), code);
  }

  async getCode(address: LibraryAddress): Promise<Uint8Array> {
    return this.#state.getCode(addressOf(address));
  }

  async getCodeSize(address: LibraryAddress): Promise<number> {
    return this.#state.getCode(addressOf(address)).length;
  }

  async getStorage(address: LibraryAddress, key: Uint8Array): Promise<Uint8Array> {
    return wordBytes(this.#state.getStorage(addressOf(address), bytesToBigint(key)));
  }

  async putStorage(address: LibraryAddress, key: Uint8Array, value: Uint8Array): Promise<void> {
    const account = addressOf(address);
    const slot = bytesToBigint(key);
    this.#original(account, slot);
    this.#state.putStorage(account, slot, bytesToBigint(value));
  }

  /** The library clears where it creates; an account with storage is a collision, so there is nothing to clear. */
  async clearStorage(address: LibraryAddress): Promise<void> {
    assert(!this.#state.hasStorage(addressOf(address)), "no contract is created over storage");
  }

  readonly originalStorageCache = {
    get: async (address: LibraryAddress, key: Uint8Array): Promise<Uint8Array> =>
      wordBytes(this.#original(addressOf(address), bytesToBigint(key))),
    clear: (): void => this.#originals.clear(),
  };

  /** The value when the run began: the first sight of a slot precedes every write to it. */
  #original(address: Address, slot: bigint): bigint {
    const key = `${address}${slot}`;
    const known = this.#originals.get(key);
    if (known !== undefined) return known;
    const value = this.#state.getStorage(address, slot);
    this.#originals.set(key, value);
    return value;
  }

  async checkpoint(): Promise<void> {
    this.#state.checkpoint();
    this.#frames.push({ touched: new Set(), balanceChangeWei: 0n });
  }

  async commit(): Promise<void> {
    const frame = this.#frames.pop();
    assert(frame !== undefined && this.#frames.length > 0, "commit matches a checkpoint");
    for (const address of frame.touched) this.#top.touched.add(address);
    this.#top.balanceChangeWei += frame.balanceChangeWei;
    this.#state.commit();
  }

  async revert(): Promise<void> {
    this.#revertSync();
  }

  #revertSync(): void {
    this.#frames.pop();
    assert(this.#frames.length > 0, "revert matches a checkpoint");
    this.#state.revert();
  }

  clearCaches(): void {
    this.#originals.clear();
  }

  /** State roots belong to the block, not to a run; the library's interpreter never asks. */
  async getStateRoot(): Promise<Uint8Array> {
    throw new RangeError("a run has no state root");
  }

  async setStateRoot(): Promise<void> {
    throw new RangeError("a run has no state root");
  }

  async hasStateRoot(): Promise<boolean> {
    return false;
  }

  shallowCopy(): StateManagerInterface {
    return new StateViewBridge();
  }
}
