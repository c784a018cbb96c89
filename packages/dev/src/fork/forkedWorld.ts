// What blocks of a fork are executed on: what was written here, and where nothing was, another chain's state.
import { keccak256 } from "@festina/crypto";
import {
  type Address,
  asciiToBytes,
  bigintToBytes,
  bytesToBigint,
  concatBytes,
  EMPTY_BYTES,
  type Hash32,
} from "@festina/primitives";
import { bigintToWord, EMPTY_CODE_HASH, WORD_NUMBERS, WorldState, wordToBigint } from "@festina/state";
import { type Account, EMPTY_ACCOUNT, type WordStorage } from "@festina/tvm";
import type { RemoteState } from "./remoteState.ts";

/**
 * What was taken away here must not come back from the other chain. An account that was deleted is one with this code
 * hash, which no code has. A slot that was written to zero and an account of whose slots the other chain has none are told
 * by slots of their own, whose names no contract finds. All of it is in the state as everything else is: it goes back with
 * it, and comes along in dumps.
 */
const DELETED = { ...EMPTY_ACCOUNT, codeHash: `0x${"00".repeat(31)}ff` as Hash32 };
const nameOf = (text: string, ...rest: Uint8Array[]): bigint =>
  bytesToBigint(keccak256(concatBytes(asciiToBytes(`festina fork: ${text}`), ...rest)));
const IS_WHOLE = nameOf("all slots are here");
const zeroed = (slot: bigint): bigint => nameOf("zero", bigintToBytes(slot, 32));

export class ForkedWorld extends WorldState {
  readonly #remote: RemoteState;
  readonly #own: ReadonlySet<Address>;

  override readonly words: WordStorage = {
    read: (address, memory, key, to) => bigintToWord(this.getStorage(address, wordToBigint(memory, key)), memory, to),
    write: (address, memory, from, count) => {
      for (let i = 0; i < count; i++) {
        const at = from + 2 * WORD_NUMBERS * i;
        this.putStorage(address, wordToBigint(memory, at), wordToBigint(memory, at + WORD_NUMBERS));
      }
    },
  };

  /** `own`: accounts of this chain, whatever the other one has there. The rest are as for `WorldState`. */
  constructor(remote: RemoteState, own: ReadonlySet<Address>, ...rest: ConstructorParameters<typeof WorldState>) {
    super(...rest);
    this.#remote = remote;
    this.#own = own;
  }

  /** @throws StateElsewhereError, as all that reads here */
  override getAccount(address: Address): Account | null {
    const here = super.getAccount(address);
    if (here !== null) return here.codeHash === DELETED.codeHash ? null : here;
    return this.#own.has(address) ? null : this.#remote.account(address);
  }

  override putAccount(address: Address, account: Account): void {
    const there = this.#accountThere(address);
    // From now on it is ours, and so is what it runs.
    if (there !== null && there.code.length > 0 && there.codeHash === account.codeHash)
      this.keepCode(there.codeHash, there.code);
    super.putAccount(address, account);
  }

  /** `null`: it has been written here, or there is none. */
  #accountThere(address: Address): ReturnType<RemoteState["account"]> {
    return this.#own.has(address) || super.getAccount(address) !== null ? null : this.#remote.account(address);
  }

  override deleteAccount(address: Address): void {
    const isThere = !this.#own.has(address) && this.#remote.account(address) !== null;
    super.deleteAccount(address);
    if (!isThere) return;
    super.putAccount(address, DELETED);
    super.putStorage(address, IS_WHOLE, 1n);
  }

  override putCode(address: Address, code: Uint8Array): void {
    const there = this.#accountThere(address);
    if (there !== null) super.putAccount(address, there);
    super.putCode(address, code);
  }

  override getCode(address: Address): Uint8Array {
    const account = this.getAccount(address);
    if (account === null || account.codeHash === EMPTY_CODE_HASH) return EMPTY_BYTES;
    return this.#remote.code(account.codeHash) ?? super.getCode(address);
  }

  override getStorage(address: Address, slot: bigint): bigint {
    const here = super.getStorage(address, slot);
    if (here !== 0n || this.#isWhole(address)) return here;
    if (this.#remote.account(address) === null || !this.#remote.mayHaveStorage(address)) return 0n;
    return super.getStorage(address, zeroed(slot)) === 0n ? this.#remote.slot(address, slot) : 0n;
  }

  override putStorage(address: Address, slot: bigint, value: bigint): void {
    if (super.getAccount(address) === null) {
      const there = this.getAccount(address);
      // Slots are kept with the account that they belong to.
      if (there !== null) this.putAccount(address, there);
    }
    super.putStorage(address, slot, value);
    if (value === 0n && !this.#isWhole(address)) super.putStorage(address, zeroed(slot), 1n);
  }

  /** The other chain has no slots of it. */
  #isWhole(address: Address): boolean {
    return this.#own.has(address) || super.getStorage(address, IS_WHOLE) !== 0n;
  }

  /** Asked about accounts without nonce and code: one that was deleted has only what says so. */
  override hasStorage(address: Address): boolean {
    return super.getStorage(address, IS_WHOLE) === 0n && super.hasStorage(address);
  }

  override mayHaveStorage(address: Address): boolean {
    if (super.mayHaveStorage(address)) return true;
    return !this.#isWhole(address) && this.#remote.mayHaveStorage(address);
  }
}
