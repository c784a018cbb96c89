import { keccakHash } from "@festina/crypto";
import { type Address, assert, EMPTY_BYTES, type Hash32 } from "@festina/primitives";
import { type Account, EMPTY_ACCOUNT, EMPTY_CODE_HASH, isEmptyAccount, type StateView } from "@festina/tvm";

/** What an account is before every run. */
export interface PlantedAccount {
  readonly account: Account;
  readonly code: Uint8Array;
  readonly storage: ReadonlyMap<bigint, bigint>;
}

export type ProgramWorld = ReadonlyMap<Address, PlantedAccount>;

const NO_SLOTS: ReadonlyMap<bigint, bigint> = new Map();

/** One run's changes over a world that many runs begin with: made at once, and told in one line. */
export class WorldRun implements StateView {
  readonly #world: ProgramWorld;
  readonly #accounts = new Map<Address, Account | null>();
  readonly #codes = new Map<Hash32, Uint8Array>();
  readonly #slots = new Map<Address, Map<bigint, bigint>>();
  /** Accounts whose planted slots are gone. */
  readonly #wiped = new Set<Address>();
  readonly #undo: (() => void)[] = [];
  readonly #checkpoints: number[] = [];

  constructor(world: ProgramWorld) {
    this.#world = world;
  }

  get openCheckpoints(): number {
    return this.#checkpoints.length;
  }

  getAccount(address: Address): Account | null {
    const changed = this.#accounts.get(address);
    return changed === undefined ? (this.#world.get(address)?.account ?? null) : changed;
  }

  putAccount(address: Address, account: Account): void {
    this.#set(this.#accounts, address, account);
  }

  deleteAccount(address: Address): void {
    this.#set(this.#accounts, address, null);
    this.#set(this.#slots, address, new Map());
    if (this.#wiped.has(address)) return;
    this.#wiped.add(address);
    this.#undo.push(() => this.#wiped.delete(address));
  }

  getCode(address: Address): Uint8Array {
    const codeHash = this.getAccount(address)?.codeHash ?? EMPTY_CODE_HASH;
    const planted = this.#world.get(address);
    if (planted?.account.codeHash === codeHash) return planted.code;
    return this.#codes.get(codeHash) ?? EMPTY_BYTES;
  }

  putCode(address: Address, code: Uint8Array): void {
    const codeHash = keccakHash(code);
    this.keepCode(codeHash, code.slice());
    this.putAccount(address, { ...(this.getAccount(address) ?? EMPTY_ACCOUNT), codeHash });
  }

  keepCode(codeHash: Hash32, code: Uint8Array): void {
    this.#codes.set(codeHash, code);
  }

  #planted(address: Address): ReadonlyMap<bigint, bigint> {
    return this.#wiped.has(address) ? NO_SLOTS : (this.#world.get(address)?.storage ?? NO_SLOTS);
  }

  getStorage(address: Address, slot: bigint): bigint {
    return this.#slots.get(address)?.get(slot) ?? this.#planted(address).get(slot) ?? 0n;
  }

  putStorage(address: Address, slot: bigint, value: bigint): void {
    let slots = this.#slots.get(address);
    if (slots === undefined) {
      slots = new Map();
      this.#set(this.#slots, address, slots);
    }
    this.#set(slots, slot, value);
  }

  hasStorage(address: Address): boolean {
    const planted = [...this.#planted(address).keys()];
    const written = [...(this.#slots.get(address)?.keys() ?? [])];
    return [...planted, ...written].some((slot) => this.getStorage(address, slot) !== 0n);
  }

  mayHaveStorage(address: Address): boolean {
    return this.#planted(address).size > 0 || this.#slots.has(address);
  }

  checkpoint(): void {
    this.#checkpoints.push(this.#undo.length);
  }

  commit(): void {
    assert(this.#checkpoints.pop() !== undefined, "commit matches a checkpoint");
  }

  revert(): void {
    const mark = this.#checkpoints.pop();
    assert(mark !== undefined, "revert matches a checkpoint");
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }

  #set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const before = map.get(key);
    this.#undo.push(() => {
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
    map.set(key, value);
  }

  /**
   * What differs from the planted world, the same text for the same state. Accounts that ended empty count as absent:
   * the executor removes what was touched, and engines touch differently.
   */
  describeChanges(): string {
    const lines: string[] = [];
    for (const address of this.#accounts.keys()) {
      const now = alive(this.getAccount(address));
      const before = alive(this.#world.get(address)?.account ?? null);
      if (describe(now) !== describe(before)) lines.push(`${address} ${describe(now)}`);
    }
    for (const [address, slots] of this.#slots) {
      const planted = this.#world.get(address)?.storage ?? NO_SLOTS;
      for (const slot of new Set([...slots.keys(), ...(this.#wiped.has(address) ? planted.keys() : [])])) {
        const value = this.getStorage(address, slot);
        if (value !== (planted.get(slot) ?? 0n)) lines.push(`${address} ${slot.toString(16)}=${value.toString(16)}`);
      }
    }
    return lines.sort().join("\n");
  }
}

const alive = (account: Account | null): Account | null =>
  account === null || isEmptyAccount(account) ? null : account;

const describe = (account: Account | null): string =>
  account === null ? "-" : `${account.nonce} ${account.balanceWei} ${account.codeHash}`;
