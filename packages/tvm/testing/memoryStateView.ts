import { keccakHash } from "@festina/crypto";
import { type Address, assert, EMPTY_BYTES, type Hash32 } from "@festina/primitives";
import { type Account, EMPTY_ACCOUNT, type StateView } from "../src/index.ts";

/** World state in maps, with an undo log: for tests of whatever runs over a `StateView`. */
export class MemoryStateView implements StateView {
  readonly #accounts = new Map<Address, Account>();
  readonly #codes = new Map<Hash32, Uint8Array>();
  readonly #storage = new Map<Address, Map<bigint, bigint>>();
  readonly #undo: (() => void)[] = [];
  readonly #checkpoints: number[] = [];

  get openCheckpoints(): number {
    return this.#checkpoints.length;
  }

  get totalBalanceWei(): bigint {
    let total = 0n;
    for (const account of this.#accounts.values()) total += account.balanceWei;
    return total;
  }

  addresses(): readonly Address[] {
    return [...this.#accounts.keys()];
  }

  slots(address: Address): ReadonlyMap<bigint, bigint> {
    return this.#storage.get(address) ?? new Map();
  }

  /** For setting up: balance, code and slots in one go. */
  plant(
    address: Address,
    account: {
      readonly nonce?: bigint;
      readonly balanceWei?: bigint;
      readonly code?: Uint8Array;
      readonly storage?: ReadonlyMap<bigint, bigint>;
    },
  ): void {
    this.putAccount(address, { ...EMPTY_ACCOUNT, nonce: account.nonce ?? 0n, balanceWei: account.balanceWei ?? 0n });
    if (account.code !== undefined && account.code.length > 0) this.putCode(address, account.code);
    for (const [slot, value] of account.storage ?? []) this.putStorage(address, slot, value);
  }

  /** Everything, in an order and form that `toEqual` compares. */
  snapshot(): unknown {
    return [...this.addresses()]
      .sort()
      .map((address) => [address, this.getAccount(address), [...this.slots(address)].sort()]);
  }

  getAccount(address: Address): Account | null {
    return this.#accounts.get(address) ?? null;
  }

  putAccount(address: Address, account: Account): void {
    assert(account.balanceWei >= 0n && account.nonce >= 0n, "balance and nonce are never negative");
    this.#replace(this.#accounts, address, account);
  }

  deleteAccount(address: Address): void {
    this.#replace(this.#accounts, address, undefined);
    this.#replace(this.#storage, address, undefined);
  }

  getCode(address: Address): Uint8Array {
    const account = this.#accounts.get(address);
    return (account && this.#codes.get(account.codeHash)) ?? EMPTY_BYTES;
  }

  putCode(address: Address, code: Uint8Array): void {
    const codeHash = keccakHash(code);
    this.keepCode(codeHash, code.slice());
    this.putAccount(address, { ...(this.getAccount(address) ?? EMPTY_ACCOUNT), codeHash });
  }

  keepCode(codeHash: Hash32, code: Uint8Array): void {
    this.#codes.set(codeHash, code);
  }

  getStorage(address: Address, slot: bigint): bigint {
    return this.#storage.get(address)?.get(slot) ?? 0n;
  }

  putStorage(address: Address, slot: bigint, value: bigint): void {
    let slots = this.#storage.get(address);
    if (slots === undefined) {
      slots = new Map();
      this.#replace(this.#storage, address, slots);
    }
    this.#replace(slots, slot, value === 0n ? undefined : value);
  }

  hasStorage(address: Address): boolean {
    return (this.#storage.get(address)?.size ?? 0) > 0;
  }

  mayHaveStorage(address: Address): boolean {
    return this.#storage.has(address);
  }

  checkpoint(): void {
    this.#checkpoints.push(this.#undo.length);
  }

  commit(): void {
    assert(this.#checkpoints.pop() !== undefined, "commit matches a checkpoint");
    if (this.#checkpoints.length === 0) this.#undo.length = 0;
  }

  revert(): void {
    const mark = this.#checkpoints.pop();
    assert(mark !== undefined, "revert matches a checkpoint");
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }

  #replace<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
    const before = map.get(key);
    this.#undo.push(() => {
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }
}
